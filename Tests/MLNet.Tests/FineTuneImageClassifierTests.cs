using Microsoft.ML;
using Microsoft.ML.Data;
using MLClassify.Engines;
using MLClassify.Reports;

namespace MLClassify.MLNet.Tests;

public sealed class FineTuneImageClassifierTests(TrainedColors colors) : IClassFixture<TrainedColors>
{
    private readonly MLContext _context = colors.Context;

    [Fact]
    public void Evaluate_TrainedModel_KnowsTheColors()
    {
        MulticlassClassificationMetrics metrics = _context.MulticlassClassification.Evaluate(colors.Scored);

        Assert.True(metrics.MicroAccuracy > 0.9, $"accuracy {metrics.MicroAccuracy}");
        Assert.Equal(3, metrics.ConfusionMatrix.NumberOfClasses);
        Assert.True(double.IsFinite(metrics.LogLoss));
        string table = metrics.ConfusionMatrix.GetFormattedConfusionTable();
        Assert.All(new[] { "blue", "green", "red" }, name => Assert.Contains(name, table));
    }

    [Fact]
    public void Transform_Schema_IsThatOfMLNetsOwnScorer()
    {
        IDataView reference = Reference().Fit(colors.Data).Transform(colors.Data);

        foreach (string name in new[] { "Score", "PredictedLabel" })
        {
            DataViewSchema.Column expected = reference.Schema[name];
            DataViewSchema.Column actual = colors.Scored.Schema[name];
            Assert.Equal(expected.Type, actual.Type);
            Assert.Equal(Annotations(expected), Annotations(actual));
        }
    }

    [Fact]
    public void GetOutputSchema_Shape_IsThatOfMLNetsOwnTrainer()
    {
        SchemaShape input = Labeled();

        SchemaShape expected = _context.MulticlassClassification.Trainers.SdcaMaximumEntropy(featureColumnName: "Numbers").GetOutputSchema(input);
        SchemaShape actual = _context.MulticlassClassification.Trainers.ImageClassification(training: TrainedColors.Training).GetOutputSchema(input);

        Assert.Equal(Describe(expected), Describe(actual));
    }

    [Fact]
    public void CreatePredictionEngine_Path_GivesClassAndScores()
    {
        using PredictionEngine<LabeledRow, Predicted> engine = Engine();
        foreach (LabeledRow row in colors.List().Take(9))
        {
            Predicted prediction = engine.Predict(new LabeledRow { ImagePath = row.ImagePath });

            Assert.Equal(row.Class, prediction.PredictedClass);
            Assert.Equal(1, prediction.Score.Sum(), 1e-4f);
            Assert.Equal(prediction.Score.Max(), prediction.Score[prediction.PredictedLabel - 1]);
        }
    }

    [Fact]
    public void CreatePredictionEngine_UnreadableImage_IsMissing()
    {
        using PredictionEngine<LabeledRow, Predicted> engine = Engine();

        Predicted prediction = engine.Predict(new LabeledRow { ImagePath = "there is no such file.png" });

        Assert.Equal(0u, prediction.PredictedLabel);
        Assert.All(prediction.Score, score => Assert.True(float.IsNaN(score)));
    }

    [Fact]
    public void CrossValidate_Paths_FitsEveryFold()
    {
        var results = _context.MulticlassClassification.CrossValidate(colors.Data, colors.Pipeline(), numberOfFolds: 2);

        Assert.Equal(2, results.Count);
        Assert.All(results, fold => Assert.True(fold.Metrics.MicroAccuracy > 0.8, $"accuracy {fold.Metrics.MicroAccuracy}"));
    }

    [Fact]
    public void Fit_Bytes_EqualsPaths()
    {
        IDataView scored = colors.Pipeline("Image").Fit(colors.Data).Transform(colors.Data);

        // The split of the validation images goes by file names, which bytes do not have.
        Assert.True(_context.MulticlassClassification.Evaluate(scored).MicroAccuracy > 0.9);
    }

    [Fact]
    public void Fit_MissingLabelsAndUnreadableImages_AreLeftOutAndTold()
    {
        List<LabeledRow> rows = colors.List();
        rows[3].Class = "";
        rows[5].ImagePath = "";
        rows[7].ImagePath = colors.Images["red/no such file.png"];
        IDataView data = _context.Data.LoadFromEnumerable(rows);

        ImageClassifierTransformer model = Fit(data);

        Assert.Equal(1, model.Training!.RowsWithoutLabel);
        Assert.Equal(["row 5", rows[7].ImagePath], model.Training.Skipped.Select(s => s.Path));
        MulticlassClassificationMetrics metrics = _context.MulticlassClassification.Evaluate(model.Transform(Keys(data)));
        Assert.True(metrics.MicroAccuracy > 0.9, "rows without a score do not count");
    }

    [Fact]
    public void Fit_Log_HasEpochsLeftOutRowsAndTheResult()
    {
        List<LabeledRow> rows = colors.List();
        rows[3].Class = "";
        rows[7].ImagePath = colors.Images["red/no such file.png"];
        var context = new MLContext();
        var log = new List<string>();
        context.Log += (_, e) => log.Add($"{e.Kind}: {e.RawMessage}");
        IDataView data = context.Transforms.Conversion.MapValueToKey("Label", "Class").Fit(context.Data.LoadFromEnumerable(rows)).Transform(context.Data.LoadFromEnumerable(rows));

        using ImageClassifierTransformer model = context.MulticlassClassification.Trainers.ImageClassification(training: TrainedColors.Training).Fit(data);

        Assert.Contains(log, message => message.StartsWith("Info: 3 classes, ", StringComparison.Ordinal));
        Assert.Equal(12, log.Count(message => message.StartsWith("Info: epoch ", StringComparison.Ordinal)));
        Assert.Contains("Warning: 1 rows without a label were left out.", log);
        Assert.Contains(log, message => message.StartsWith("Warning: 1 images could not be read", StringComparison.Ordinal));
        Assert.Contains(log, message => message.StartsWith("Warning: Problem: 3 images were measured", StringComparison.Ordinal));
        Assert.Contains(log, message => message.Contains("12 of 12 epochs", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_OneImageAClass_SaysThatNoneCanBeHeldOut()
    {
        IDataView data = _context.Data.LoadFromEnumerable(colors.List().DistinctBy(row => row.Class));

        string message = Assert.Throws<InvalidDatasetException>(() => Fit(data)).Message;

        Assert.Contains("None of the 3 classes has a second image that could be held out ('", message, StringComparison.Ordinal);
        Assert.Contains("ValidationSet", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_BytesThatAreNoImages_NamesTheRowAndTheColumn()
    {
        List<LabeledRow> rows = colors.List();
        rows.ForEach(row => row.Image = [1, 2, 3]);

        string message = Assert.Throws<InvalidDatasetException>(() => colors.Pipeline("Image").Fit(_context.Data.LoadFromEnumerable(rows))).Message;

        Assert.Contains("of the column 'Image'", message, StringComparison.Ordinal);
        Assert.DoesNotContain(".image:", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_ClassWithoutAnImage_IsWarnedOf()
    {
        List<LabeledRow> rows = colors.List();
        IDataView classes = _context.Data.LoadFromEnumerable(new[] { "blue", "green", "lily", "red" }.Select(name => new ClassRow { Class = name }));
        var log = new List<string>();
        void Listen(object? sender, LoggingEventArgs e) => log.Add(e.Message);
        _context.Log += Listen;
        IDataView data = _context.Data.LoadFromEnumerable(rows);
        using ImageClassifierTransformer model = _context.MulticlassClassification.Trainers.ImageClassification(training: TrainedColors.Training with { Epochs = 1 })
            .Fit(_context.Transforms.Conversion.MapValueToKey("Label", "Class", keyData: classes).Fit(data).Transform(data));
        _context.Log -= Listen;

        Assert.Contains(log, message => message.Contains("1 of the 4 classes of the column 'Label' have no training image and cannot be learned: 'lily'.", StringComparison.Ordinal));
    }

    private sealed class ClassRow
    {
        public string Class { get; set; } = "";
    }

    [Fact]
    public void SeedOf_Context_IsThatOfItsCatalogs()
    {
        Assert.Equal(7, MLNetInternals.SeedOf(MLNetInternals.EnvironmentOf(new MLContext(seed: 7).MulticlassClassification.Trainers)));
        Assert.Null(MLNetInternals.SeedOf(MLNetInternals.EnvironmentOf(new MLContext().Data)));
    }

    [Fact]
    public void Fit_NothingToTrainOn_SaysWhy()
    {
        List<LabeledRow> rows = colors.List();
        Assert.Contains("the data has no rows", Assert.Throws<InvalidDatasetException>(() => Fit(_context.Data.LoadFromEnumerable(rows.Take(0)))).Message, StringComparison.Ordinal);

        foreach (LabeledRow row in rows)
        {
            row.ImagePath = "";
        }

        Assert.Contains("of 30 rows, 0 have no value in the label column 'Label' and 30 no image", Assert.Throws<InvalidDatasetException>(() => Fit(_context.Data.LoadFromEnumerable(rows))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_OneClass_NamesIt()
    {
        LabeledRow[] rows = [.. colors.List().Where(row => row.Class == "red")];
        string message = Assert.Throws<ArgumentException>(() => Fit(_context.Data.LoadFromEnumerable(rows))).Message;
        Assert.Equal("All 10 rows have the same class, 'red', in the label column 'Label'; a classifier needs at least two.", message);
    }

    [Fact]
    public void Fit_DamagedBytes_AreNamedByTheirRow()
    {
        List<LabeledRow> rows = colors.List();
        rows[4].Image = [1, 2, 3];

        ImageClassifierTransformer model = Fit(_context.Data.LoadFromEnumerable(rows), new ImageClassificationOptions { ImageColumnName = "Image" });

        Assert.Equal("row 4", Assert.Single(model.Training!.Skipped).Path);
    }

    [Fact]
    public void Fit_ValidationSet_IsValidatedOnWithItsOwnKeys()
    {
        // The other order of the keys: the classes are matched by name.
        List<LabeledRow> rows = [.. colors.List().Take(6).Reverse()];
        IDataView set = Keys(_context.Data.LoadFromEnumerable(rows));

        ImageClassifierTransformer model = Fit(colors.Data, new ImageClassificationOptions { ValidationSet = set });

        Assert.Equal(6, model.Training!.Validation!.Images);
        Assert.Equal(rows.Select(r => r.ImagePath), model.Training.Validation.Predictions.Select(p => p.Path));
        Assert.Equal(1, model.Training.Validation.Accuracy);
    }

    [Fact]
    public void Fit_RunFolder_HasAllThatARunLeaves()
    {
        using var folder = new TemporaryFolder();
        var run = RunFolder.Create(folder["run"]);

        using ImageClassifierTransformer model = Fit(colors.Data, new ImageClassificationOptions { Run = run });

        Assert.All(
            (string[])["args.json", "class_indices.json", "metrics.json", "predictions.csv", "results.csv", "skipped.csv", "report.html", "weights/best.safetensors"],
            file => Assert.True(new FileInfo(Path.Combine(run.FullPath, file)) is { Exists: true, Length: > 0 }, file));
    }

    [Fact]
    public void Fit_Progress_IsToldOfEveryEpoch()
    {
        var epochs = new List<int>();
        var progress = new ProgressRecorder<TrainingProgress>(p =>
        {
            if (p.Completed is not null)
            {
                epochs.Add(p.Epoch);
            }
        });

        ImageClassifierTransformer model = Fit(colors.Data, new ImageClassificationOptions { Progress = progress });

        Assert.Equal(Enumerable.Range(1, model.Training!.Epochs.Count), epochs);
    }

    [Fact]
    public void Fit_CanceledAfterAnEpoch_KeepsTheBest()
    {
        using var source = new CancellationTokenSource();
        var progress = new ProgressRecorder<TrainingProgress>(p =>
        {
            if (p.Completed is not null)
            {
                source.Cancel();
            }
        });

        ImageClassifierTransformer model = Fit(colors.Data, new ImageClassificationOptions { Progress = progress, CancellationToken = source.Token });

        Assert.True(model.Training!.IsCanceled);
        Assert.Single(model.Training.Epochs);
    }

    [Fact]
    public void Fit_CanceledBefore_Throws()
    {
        var options = new ImageClassificationOptions { CancellationToken = new CancellationToken(canceled: true) };

        Assert.ThrowsAny<OperationCanceledException>(() => Fit(colors.Data, options));
    }

    [Fact]
    public void Fit_LabelThatIsNoKey_SaysWhatToDo()
    {
        var error = Assert.Throws<ArgumentException>(() => _context.MulticlassClassification.Trainers.ImageClassification("Class", training: TrainedColors.Training).Fit(colors.Data));

        Assert.Contains("'Class' is String; expected Key<UInt32>", error.Message);
        Assert.Contains("MapValueToKey", error.Message);
    }

    [Fact]
    public void Append_WrongColumns_FailsBeforeTraining()
    {
        var pipeline = _context.Transforms.Conversion.MapValueToKey("Label", "Class")
            .Append(_context.MulticlassClassification.Trainers.ImageClassification(imageColumnName: "Number", training: TrainedColors.Training));

        var error = Assert.Throws<ArgumentException>(() => pipeline.Fit(colors.Data));

        Assert.Contains("'Number' with the images is Int32; expected text", error.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void FineTuneImageClassifier_FractionOutOfRange_Throws(double fraction) => Assert.Contains(
        "ValidationFraction", Assert.Throws<ArgumentException>(() => _context.MulticlassClassification.Trainers.ImageClassification(new ImageClassificationOptions { ValidationFraction = fraction })).Message);

    [Fact]
    public void Fit_NumericLabels_KeepTheirType()
    {
        IDataView data = _context.Transforms.Conversion.MapValueToKey("Label", "Digit").Fit(Digits()).Transform(Digits());

        ImageClassifierTransformer model = _context.MulticlassClassification.Trainers.ImageClassification(new ImageClassificationOptions { Training = TrainedColors.Training, ValidationFraction = 0.2 }).Fit(data);
        IDataView scored = _context.Transforms.Conversion.MapKeyToValue("Value", "PredictedLabel").Fit(model.Transform(data)).Transform(model.Transform(data));

        Assert.Equal(Digits().GetColumn<int>("Digit"), scored.GetColumn<int>("Value"));
        Assert.Equal(["10", "20", "30"], model.Classifier.Labels.Order());
    }

    [Fact]
    public void Fit_KeysWithoutNames_ScoreWithoutNames()
    {
        IDataView data = _context.Data.LoadFromEnumerable(colors.List().Select(r => new KeyRow
        {
            ImagePath = r.ImagePath,
            Label = r.Class switch { "blue" => 0u, "green" => 1u, _ => 2u },
        }));

        ImageClassifierTransformer model = _context.MulticlassClassification.Trainers.ImageClassification(
            new ImageClassificationOptions { Training = TrainedColors.Training, ValidationFraction = 0.2 }).Fit(data);
        IDataView scored = model.Transform(data);

        Assert.Equal(new KeyDataViewType(typeof(uint), 3), scored.Schema["PredictedLabel"].Type);
        Assert.DoesNotContain(scored.Schema["PredictedLabel"].Annotations.Schema, a => a.Name == "KeyValues");
        Assert.True(_context.MulticlassClassification.Evaluate(scored).MicroAccuracy > 0.9);
    }

    private sealed class KeyRow
    {
        public string ImagePath { get; set; } = "";

        [KeyType(3)]
        public uint Label { get; set; }
    }

    private IDataView Digits() => _context.Data.LoadFromEnumerable(
        colors.List().Select(r => new { r.ImagePath, Digit = r.Class switch { "blue" => 10, "green" => 20, _ => 30 } }));

    private ImageClassifierTransformer Fit(IDataView data, ImageClassificationOptions? options = null) =>
        _context.MulticlassClassification.Trainers.ImageClassification((options ?? new()) with { Training = TrainedColors.Training, ValidationFraction = 0.2 }).Fit(Keys(data));

    private IDataView Keys(IDataView data) => _context.Transforms.Conversion.MapValueToKey("Label", "Class").Fit(data).Transform(data);

    private EstimatorChain<MulticlassPredictionTransformer<Microsoft.ML.Trainers.MaximumEntropyModelParameters>> Reference() => _context.Transforms.Conversion.MapValueToKey("Label", "Class")
        .Append(_context.Transforms.Conversion.ConvertType("Float", "Number"))
        .Append(_context.Transforms.Concatenate("Numbers", "Float"))
        .Append(_context.MulticlassClassification.Trainers.SdcaMaximumEntropy(featureColumnName: "Numbers"));

    // What a pipeline's beginning promises of these rows.
    private SchemaShape Labeled()
    {
        var empty = new SchemaShape([]);
        SchemaShape rows = _context.Transforms.CustomMapping<PathRow, LabeledRow>((_, _) => { }, null)
            .GetOutputSchema(_context.Transforms.CustomMapping<NoColumns, PathRow>((_, _) => { }, null).GetOutputSchema(empty));
        return _context.Transforms.Conversion.MapValueToKey("Label", "Class")
            .Append(_context.Transforms.Conversion.ConvertType("Float", "Number"))
            .Append(_context.Transforms.Concatenate("Numbers", "Float")).GetOutputSchema(rows);
    }

    private static IEnumerable<string> Describe(SchemaShape shape) => shape
        .Select(c => $"{c.Name} {c.Kind} {c.ItemType} {c.IsKey} [{string.Join(", ", Describe(c.Annotations))}]").Order();

    private static IEnumerable<string> Annotations(DataViewSchema.Column column) => column.Annotations.Schema.Select(a => a.Type switch
    {
        TextDataViewType => $"{a.Name} = {Value<ReadOnlyMemory<char>>(column, a.Name)}",
        KeyDataViewType key => $"{a.Name} {key.Count} = {Value<uint>(column, a.Name)}",
        _ => $"{a.Name} {a.Type} = {string.Join(',', Value<VBuffer<ReadOnlyMemory<char>>>(column, a.Name).DenseValues())}",
    }).Order();

    private static T Value<T>(DataViewSchema.Column column, string name)
    {
        T value = default!;
        column.Annotations.GetValue(name, ref value);
        return value;
    }

    // An engine disposes the model, unless it is told not to.
    private PredictionEngine<LabeledRow, Predicted> Engine() =>
        _context.Model.CreatePredictionEngine<LabeledRow, Predicted>(colors.Model, new PredictionEngineOptions { OwnsTransformer = false });

    private sealed class NoColumns;
}
