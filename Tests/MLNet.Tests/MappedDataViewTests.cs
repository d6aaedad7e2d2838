using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLClassify.MLNet.Tests;

public sealed class MappedDataViewTests(TrainedColors colors) : IClassFixture<TrainedColors>
{
    [Fact]
    public void Transform_ReadAgainAndAgain_WarnsOnceOfTheCheckpoint()
    {
        var log = new List<string>();
        void Listen(object? sender, LoggingEventArgs e) => log.Add(e.Message);
        colors.Context.Log += Listen;
        IDataView scored = colors.Model.Transform(colors.Data);
        for (int pass = 0; pass < 2; pass++)
        {
            _ = scored.GetColumn<float[]>("Score").Count();
        }

        Assert.DoesNotContain(log, message => message.Contains("AppendCacheCheckpoint", StringComparison.Ordinal));
        for (int pass = 0; pass < 4; pass++)
        {
            _ = scored.GetColumn<float[]>("Score").Count();
        }

        colors.Context.Log -= Listen;
        Assert.Single(log, message => message.Contains("AppendCacheCheckpoint", StringComparison.Ordinal));
    }

    [Fact]
    public void GetRowCursor_OtherColumns_ReadsNoImage()
    {
        IDataView scored = Throwing(["no such file"]);

        Assert.Equal(["no such file"], scored.GetColumn<string>("ImagePath"));
    }

    [Fact]
    public void GetRowCursor_UnreadableImageAndThrow_NamesRowAndFile()
    {
        string good = colors.List()[0].ImagePath;
        IDataView scored = Throwing([good, "no such file"]);

        var error = Assert.ThrowsAny<Exception>(() => scored.GetColumn<uint>("PredictedLabel").ToArray());

        var inner = Assert.IsType<InvalidDataException>(error);
        Assert.StartsWith("Row 1: the image 'no such file' cannot be read:", inner.Message);
    }

    [Fact]
    public void GetRowCursor_ColumnNotAskedFor_Throws()
    {
        using DataViewRowCursor cursor = colors.Scored.GetRowCursor([colors.Scored.Schema["Score"]]);

        Assert.True(cursor.MoveNext());
        Assert.False(cursor.IsColumnActive(colors.Scored.Schema["Number"]));
        Assert.ThrowsAny<Exception>(() => cursor.GetGetter<int>(colors.Scored.Schema["Number"]));
    }

    [Fact]
    public void GetGetter_OfAnotherType_Throws()
    {
        DataViewSchema.Column score = colors.Scored.Schema["Score"];
        using DataViewRowCursor cursor = colors.Scored.GetRowCursor([score]);

        Assert.ThrowsAny<Exception>(() => cursor.GetGetter<float>(score));
    }

    [Fact]
    public void GetRowCursorSet_ManyThreads_GiveTheSameScores()
    {
        float[][] expected = [.. colors.Scored.GetColumn<float[]>("Score")];
        IDataView scored = colors.Model.Transform(colors.Context.Data.Cache(colors.Data));
        var found = new float[expected.Length][];
        DataViewRowCursor[] cursors = scored.GetRowCursorSet([scored.Schema["Score"], scored.Schema["Number"]], n: 4);
        Assert.True(cursors.Length > 1, "the data can be read by several cursors");

        Parallel.ForEach(cursors, cursor =>
        {
            using (cursor)
            {
                ValueGetter<VBuffer<float>> scores = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
                ValueGetter<int> number = cursor.GetGetter<int>(scored.Schema["Number"]);
                while (cursor.MoveNext())
                {
                    (int row, VBuffer<float> values) = (0, default);
                    number(ref row);
                    scores(ref values);
                    found[row] = [.. values.DenseValues()];
                }
            }
        });

        Assert.Equal(expected, found);
    }

    [Fact]
    public void GetRowCursor_Shuffled_KeepsRowsTogether()
    {
        IDataView shuffled = colors.Context.Data.ShuffleRows(colors.Data, seed: 3);

        IDataView scored = colors.Model.Transform(shuffled);

        Assert.NotEqual(colors.Data.GetColumn<int>("Number"), scored.GetColumn<int>("Number"));
        Assert.Equal(scored.GetColumn<string>("Class"), scored.GetColumn<string>("PredictedClass"));
    }

    [Fact]
    public void Dispose_Transformer_EndsPrediction()
    {
        ImageClassifierTransformer model = colors.Context.MulticlassClassification.Trainers.ImageClassification(training: TrainedColors.Training with { Epochs = 1 }).Fit(
            colors.Context.Transforms.Conversion.MapValueToKey("Label", "Class").Fit(colors.Data).Transform(colors.Data));
        IDataView scored = model.Transform(colors.Data);

        model.Dispose();
        model.Dispose();

        Assert.Throws<ObjectDisposedException>(() => scored.GetColumn<uint>("PredictedLabel").First());
    }

    private IDataView Throwing(string[] paths)
    {
        ImageClassifier classifier = colors.Model is IEnumerable<ITransformer> chain ? chain.OfType<ImageClassifierTransformer>().Single().Classifier : null!;
        IDataView data = colors.Context.Data.LoadFromEnumerable(paths.Select(path => new PathRow { ImagePath = path }));
        return colors.Context.Transforms.ApplyImageClassifier(classifier, new ApplyImageClassifierOptions { Unreadable = UnreadableImages.Throw }).Fit(data).Transform(data);
    }
}
