using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLClassify.MLNet.Tests;

public sealed class ImageEvaluationTests(TrainedColors colors) : IClassFixture<TrainedColors>
{
    private readonly MLContext _context = colors.Context;

    [Fact]
    public void EvaluateImages_OurScores_AgreesWithMLNetsFigures()
    {
        EvaluationResult result = _context.MulticlassClassification.EvaluateImages(colors.Scored);
        MulticlassClassificationMetrics metrics = _context.MulticlassClassification.Evaluate(colors.Scored);

        Assert.Equal(30, result.Images);
        Assert.Equal(metrics.MicroAccuracy, result.Accuracy, 1e-12);
        Assert.Equal(metrics.MacroAccuracy, result.BalancedAccuracy, 1e-12);

        // Probabilities are floats: a part in ten million of each logarithm.
        Assert.Equal(metrics.LogLoss, result.Loss, 1e-6);
        Assert.Equal(colors.List().Select(row => row.ImagePath), result.Predictions.Select(prediction => prediction.Path));
        Assert.Equal(["blue", "green", "red"], result.Classes.Select(c => c.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void EvaluateImages_KeysInAnotherOrder_AreMatchedByName()
    {
        IDataView scored = _context.Transforms.DropColumns("Label").Append(_context.Transforms.Conversion.MapValueToKey(
            "Label", "Class", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue)).Fit(colors.Scored).Transform(colors.Scored);

        EvaluationResult result = _context.MulticlassClassification.EvaluateImages(scored);

        Assert.Equal(_context.MulticlassClassification.EvaluateImages(colors.Scored).Accuracy, result.Accuracy);
    }

    // ML.NET's figures are false then, which is why the log must say so.
    [Fact]
    public void Transform_LabelKeysInAnotherOrder_WarnsWithTheColumn()
    {
        IDataView data = _context.Data.LoadFromEnumerable(colors.List().AsEnumerable().Reverse());
        var log = new List<string>();
        void Listen(object? sender, LoggingEventArgs e) => log.Add(e.Message);
        _context.Log += Listen;
        ImageClassifierTransformer model = ((IEnumerable<ITransformer>)colors.Model).OfType<ImageClassifierTransformer>().Single();
        _ = model.Transform(_context.Transforms.Conversion.MapValueToKey("Label", "Class").Fit(colors.Data).Transform(data));
        Assert.DoesNotContain(log, message => message.Contains("another order", StringComparison.Ordinal));
        IDataView other = _context.Transforms.Conversion.MapValueToKey("Kind", "Class").Fit(data).Transform(data);
        IDataView scored = model.Transform(other);
        _context.Log -= Listen;

        Assert.NotEqual(1, _context.MulticlassClassification.Evaluate(scored, labelColumnName: "Kind").MicroAccuracy);
        string warning = Assert.Single(log, message => message.Contains("another order", StringComparison.Ordinal));
        Assert.Contains("the column 'Kind'", warning, StringComparison.Ordinal);
        Assert.Contains("'PredictedLabel'", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void EvaluateImages_UnreadableAndUnlabeledRows_AreListed()
    {
        List<LabeledRow> rows = colors.List();
        rows[2].ImagePath = "no such file.png";
        rows[4].Class = "";
        var log = new List<string>();
        void Listen(object? sender, LoggingEventArgs e) => log.Add(e.Message);
        _context.Log += Listen;
        EvaluationResult result = _context.MulticlassClassification.EvaluateImages(colors.Model.Transform(_context.Data.LoadFromEnumerable(rows)));
        _context.Log -= Listen;
        Assert.Contains(log, message => message.Contains("1 rows have images that cannot be read", StringComparison.Ordinal));

        Assert.Equal(28, result.Images);
        Assert.Equal(["no such file.png", rows[4].ImagePath], result.Skipped.Select(file => file.Path));
        Assert.Contains("could not be read", result.Skipped[0].Reason, StringComparison.Ordinal);
        Assert.Contains("no label", result.Skipped[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void EvaluateImages_ScoresOfMLNetsTrainer_AreMeasuredToo()
    {
        IDataView images = _context.Data.LoadImageFolder(colors.Images.Root);
        IDataView scored = _context.Transforms.NormalizeImageNet(new NormalizeImageNetOptions { OutputColumnName = "Features", Preprocessing = PreprocessingSpec.ForInput(8, 1) })
            .Append(_context.MulticlassClassification.Trainers.LbfgsMaximumEntropy())
            .Fit(images).Transform(images);

        EvaluationResult result = _context.MulticlassClassification.EvaluateImages(scored);

        Assert.Equal(_context.MulticlassClassification.Evaluate(scored).MicroAccuracy, result.Accuracy, 1e-12);
        Assert.Equal(30, result.Predictions.Count);
    }

    // Naive Bayes gives logarithms.
    [Fact]
    public void EvaluateImages_ScoresThatAreNoProbabilities_AreRanked()
    {
        IDataView images = _context.Data.LoadImageFolder(colors.Images.Root);
        IDataView scored = _context.Transforms.NormalizeImageNet(new NormalizeImageNetOptions { OutputColumnName = "Features", Preprocessing = PreprocessingSpec.ForInput(8, 1) })
            .Append(_context.MulticlassClassification.Trainers.NaiveBayes())
            .Fit(images).Transform(images);

        EvaluationResult result = _context.MulticlassClassification.EvaluateImages(scored);

        Assert.Contains(scored.GetColumn<float[]>("Score"), scores => scores.Any(score => score < 0));
        Assert.Empty(result.Skipped);
        Assert.Equal(scored.GetColumn<uint>("PredictedLabel").Zip(scored.GetColumn<uint>("Label")).Count(row => row.First == row.Second), result.Correct);
    }

    [Fact]
    public void EvaluateImages_LabelThatIsNotScored_IsNamed()
    {
        LabeledRow[] rows = [.. colors.List().Take(3), new LabeledRow { ImagePath = colors.List()[0].ImagePath, Class = "violet" }];
        IDataView data = _context.Data.LoadFromEnumerable(rows);
        IDataView other = _context.Transforms.DropColumns("Label").Append(_context.Transforms.Conversion.MapValueToKey("Label", "Class")).Fit(colors.Model.Transform(data)).Transform(colors.Model.Transform(data));

        Assert.Contains("'violet' is not among", Assert.Throws<ArgumentException>(() => _context.MulticlassClassification.EvaluateImages(other)).Message, StringComparison.Ordinal);
        Assert.Contains("'Nowhere'", Assert.Throws<ArgumentException>(() => _context.MulticlassClassification.EvaluateImages(colors.Scored, scoreColumnName: "Nowhere")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.2, 2)]
    [InlineData(0.01, 1)]
    [InlineData(0.99, 9)]
    public void StratifiedSplit_AnyShare_TakesTheSameOfEachClass(double fraction, int expected)
    {
        IDataView images = _context.Data.LoadImageFolder(colors.Images.Root);
        (IDataView train, IDataView test) = _context.Data.StratifiedSplit(images, fraction);

        Assert.All(test.GetColumn<uint>("Label").CountBy(key => key), entry => Assert.Equal(expected, entry.Value));
        Assert.Equal(3 * expected, test.GetRowCount());
        Assert.Equal(30 - (3 * expected), train.GetColumn<uint>("Label").Count());
        Assert.Equal(
            images.GetColumn<string>("ImagePath").Order(StringComparer.Ordinal),
            train.GetColumn<string>("ImagePath").Concat(test.GetColumn<string>("ImagePath")).Order(StringComparer.Ordinal));
        Assert.Equal(test.GetColumn<string>("ImagePath"), _context.Data.StratifiedSplit(images, fraction).TestSet.GetColumn<string>("ImagePath"));
        Assert.NotEqual(
            _context.Data.StratifiedSplit(images, 0.5, seed: 3).TestSet.GetColumn<string>("ImagePath"),
            _context.Data.StratifiedSplit(images, 0.5, seed: 4).TestSet.GetColumn<string>("ImagePath"));
    }

    [Fact]
    public void StratifiedSplit_Parts_TrainAndScore()
    {
        (IDataView train, IDataView test) = _context.Data.StratifiedSplit(_context.Data.LoadImageFolder(colors.Images.Root), 0.2);
        using ImageClassifierTransformer model = _context.MulticlassClassification.Trainers.ImageClassification(training: TrainedColors.Training).Fit(train);

        Assert.Equal(6, _context.MulticlassClassification.EvaluateImages(model.Transform(test)).Images);
    }

    [Theory]
    [InlineData(4, 3)]
    [InlineData(1, 1)]
    public void StratifiedSplit_SeveralCursors_GiveTheRowsOfOne(int wanted, int expected)
    {
        using var images = new ColorImageFolder(perClass: 30);
        IDataView all = _context.Data.LoadImageFolder(images.Root);
        (IDataView train, IDataView test) = _context.Data.StratifiedSplit(all, 0.3);

        Assert.All((IDataView[])[train, test], part =>
        {
            DataViewRowCursor[] cursors = part.GetRowCursorSet([part.Schema["ImagePath"]], wanted);
            Assert.Equal(expected, cursors.Length);
            Assert.Equal(
                part.GetColumn<string>("ImagePath"),
                cursors.SelectMany(Read).OrderBy(row => row.Batch).ThenBy(row => row.Position).Select(row => row.Path));
        });
    }

    [Fact]
    public void StratifiedSplit_RowsThatShareAnIdentity_AreReadByOneCursor()
    {
        IDataView images = new RecordedView(_context.Data.LoadImageFolder(colors.Images.Root)) { HasOneId = true };
        (IDataView train, _) = _context.Data.StratifiedSplit(images, 0.2);

        DataViewRowCursor cursor = Assert.Single(train.GetRowCursorSet([train.Schema["ImagePath"]], 4));
        Assert.Equal(train.GetColumn<string>("ImagePath"), Read(cursor).Select(row => row.Path));
        Assert.Equal(24, train.GetRowCount());
    }

    private static List<(long Batch, long Position, string Path)> Read(DataViewRowCursor cursor)
    {
        using (cursor)
        {
            ValueGetter<ReadOnlyMemory<char>> get = cursor.GetGetter<ReadOnlyMemory<char>>(cursor.Schema["ImagePath"]);
            ReadOnlyMemory<char> path = default;
            var rows = new List<(long, long, string)>();
            while (cursor.MoveNext())
            {
                get(ref path);
                rows.Add((cursor.Batch, cursor.Position, path.ToString()));
            }

            return rows;
        }
    }
}
