using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLClassify.Imaging;
using MLClassify.Imaging.Encoding;

namespace MLClassify.MLNet.Tests;

public sealed class MLImageColumnTests(TrainedColors colors) : IClassFixture<TrainedColors>, IDisposable
{
    private readonly MLContext _context = colors.Context;
    private readonly TemporaryFolder _folder = new();

    private ImageClassifier Classifier => ((IEnumerable<ITransformer>)colors.Model).OfType<ImageClassifierTransformer>().Single().Classifier;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Transform_LoadImagesOfPng_ScoresAreThoseOfTheFiles()
    {
        IDataView data = Data(colors.List().Where(r => r.ImagePath.EndsWith(".png", StringComparison.Ordinal)));
        using ImageClassifierTransformer model = Model();
        IDataView loaded = _context.Transforms.LoadImages("Picture", imageFolder: "", "ImagePath").Fit(data).Transform(data);
        using ImageClassifierTransformer byPath = Model("ImagePath");

        Assert.Equal(byPath.Transform(data).GetColumn<float[]>("Score"), model.Transform(loaded).GetColumn<float[]>("Score"));
        Assert.Equal(0, model.UnreadableRows);
    }

    [Fact]
    public void Transform_LoadImagesOfJpeg_ScoresAreNearThoseOfTheFiles()
    {
        // SkiaSharp's inverse transform and upsampling round otherwise than ours: a few levels a pixel, and noise is the worst case.
        IDataView data = Data(colors.List().Where(r => r.ImagePath.EndsWith(".jpg", StringComparison.Ordinal)));
        using ImageClassifierTransformer model = Model();
        IDataView loaded = _context.Transforms.LoadImages("Picture", imageFolder: "", "ImagePath").Fit(data).Transform(data);
        using ImageClassifierTransformer byPath = Model("ImagePath");

        float[][] expected = [.. byPath.Transform(data).GetColumn<float[]>("Score")];
        float[][] actual = [.. model.Transform(loaded).GetColumn<float[]>("Score")];

        Assert.All(expected.Zip(actual), row => Assert.All(row.First.Zip(row.Second), score => Assert.Equal(score.First, score.Second, 0.01f)));
    }

    [Fact]
    public void Transform_ResizedImages_AreTakenAsTheyAre()
    {
        IDataView data = Data(colors.List().Take(20));
        EstimatorChain<ImageResizingTransformer> load = _context.Transforms.LoadImages("Picture", imageFolder: "", "ImagePath")
            .Append(_context.Transforms.ResizeImages("Picture", imageWidth: 24, imageHeight: 20));
        using ImageClassifierTransformer model = Model();
        IDataView resized = load.Fit(data).Transform(data);

        float[][] scores = [.. model.Transform(resized).GetColumn<float[]>("Score")];

        int row = 0;
        foreach (MLImage image in resized.GetColumn<MLImage>("Picture"))
        {
            Assert.Equal((24, 20), (image.Width, image.Height));
            Assert.Equal(Classifier.Predict([Copy(image)])[0].Scores, scores[row++]);
        }

        Assert.Equal(20, row);
    }

    [Theory]
    [InlineData(MLPixelFormat.Bgra32)]
    [InlineData(MLPixelFormat.Rgba32)]
    public void Predict_EngineWithImages_ReadsEitherOrder(MLPixelFormat format)
    {
        using var engine = _context.Model.CreatePredictionEngine<PictureRow, Predicted>(Model());
        using var image = MLImage.CreateFromPixels(9, 7, format, [.. Enumerable.Range(0, 9 * 7 * 4).Select(i => (byte)(i * 37))]);

        Predicted prediction = engine.Predict(new PictureRow { Picture = image });

        Assert.Equal(Classifier.Predict(Copy(image)).Scores, prediction.Score);
        Assert.Equal((9, 7), (image.Width, image.Height));
    }

    [Fact]
    public void Predict_EngineWithoutImage_IsMissing()
    {
        using ImageClassifierTransformer model = Model();
        using var engine = _context.Model.CreatePredictionEngine<PictureRow, Predicted>(model, new PredictionEngineOptions { OwnsTransformer = false });

        Predicted prediction = engine.Predict(new PictureRow());

        Assert.Equal(0u, prediction.PredictedLabel);
        Assert.All(prediction.Score, score => Assert.True(float.IsNaN(score)));
        Assert.Equal(1, model.UnreadableRows);
    }

    [Fact]
    public void Transform_ImagesThatCannotBeLoaded_AreMissing()
    {
        List<LabeledRow> rows = colors.List();
        File.WriteAllText(_folder["damaged.png"], "no image");
        rows[1].ImagePath = _folder["damaged.png"];
        rows[5].ImagePath = "no such file";
        rows[25].ImagePath = "";
        IDataView data = Data(rows);
        using ImageClassifierTransformer model = Model();
        IDataView scored = model.Transform(_context.Transforms.LoadImages("Picture", imageFolder: "", "ImagePath").Fit(data).Transform(data));

        uint[] labels = [.. scored.GetColumn<uint>("PredictedLabel")];

        Assert.Equal([1, 5, 25], labels.Index().Where(l => l.Item == 0).Select(l => l.Index));
        Assert.Equal(3, model.UnreadableRows);
    }

    [Fact]
    public void GetRowCursor_ImagesAskedForToo_GivesBoth()
    {
        IDataView data = Data(colors.List());
        using ImageClassifierTransformer model = Model();
        IDataView scored = model.Transform(_context.Transforms.LoadImages("Picture", imageFolder: "", "ImagePath").Fit(data).Transform(data));
        float[][] expected = [.. scored.GetColumn<float[]>("Score")];

        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Picture"], scored.Schema["Score"]]);
        ValueGetter<MLImage> picture = cursor.GetGetter<MLImage>(scored.Schema["Picture"]);
        ValueGetter<VBuffer<float>> score = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
        (MLImage image, VBuffer<float> scores) = (null!, default);
        for (int row = 0; row < expected.Length; row++)
        {
            Assert.True(cursor.MoveNext());
            score(ref scores);
            picture(ref image);
            Assert.Equal(expected[row], scores.DenseValues());
            Assert.Equal(expected[row], Classifier.Predict([Copy(image)])[0].Scores);
        }

        Assert.False(cursor.MoveNext());
    }

    [Fact]
    public void Transform_FeaturesAndPixels_TakeImages()
    {
        IDataView data = Data(colors.List().Where(r => r.ImagePath.EndsWith(".png", StringComparison.Ordinal)));
        IDataView loaded = _context.Transforms.LoadImages("Picture", imageFolder: "", "ImagePath").Fit(data).Transform(data);
        var pixels = new NormalizeImageNetOptions { Preprocessing = MLClassify.PreprocessingSpec.ImageNet(32) };

        using PixelsTransformer fromImages = _context.Transforms.NormalizeImageNet(pixels with { ImageColumnName = "Picture" }).Fit(loaded);
        using PixelsTransformer fromFiles = _context.Transforms.NormalizeImageNet(pixels).Fit(data);

        Assert.Equal(fromFiles.Transform(data).GetColumn<float[]>("Pixels"), fromImages.Transform(loaded).GetColumn<float[]>("Pixels"));
    }

    [Fact]
    public void Fit_Images_LearnsAndListsTheMissing()
    {
        List<LabeledRow> rows = colors.List();
        rows[4].ImagePath = "";
        IDataView data = Data(rows);
        var options = new ImageClassificationOptions { Training = TrainedColors.Training, ImageColumnName = "Picture", ValidationFraction = 0.2 };
        var pipeline = _context.Transforms.Conversion.MapValueToKey("Label", "Class")
            .Append(_context.Transforms.LoadImages("Picture", imageFolder: "", "ImagePath"))
            .Append(_context.MulticlassClassification.Trainers.ImageClassification(options));

        var model = pipeline.Fit(data);

        Assert.Equal("row 4", Assert.Single(model.LastTransformer.Training!.Skipped).Path);
        Assert.True(_context.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy > 0.9);
    }

    private ImageClassifierTransformer Model(string column = "Picture")
    {
        IDataView empty = _context.Data.LoadFromEnumerable<PictureRow>([]);
        return (ImageClassifierTransformer)_context.Transforms.ApplyImageClassifier(Classifier, new ApplyImageClassifierOptions { ImageColumnName = column })
            .Fit(column == "Picture" ? empty : colors.Data);
    }

    private IDataView Data(IEnumerable<LabeledRow> rows) => _context.Data.LoadFromEnumerable(rows);

    private static Image Copy(MLImage image)
    {
        int red = image.PixelFormat == MLPixelFormat.Rgba32 ? 0 : 2;
        var copy = new Image(image.Width, image.Height);
        for (int i = 0; i < image.Width * image.Height; i++)
        {
            copy.Pixels[3 * i] = image.Pixels[(4 * i) + red];
            copy.Pixels[(3 * i) + 1] = image.Pixels[(4 * i) + 1];
            copy.Pixels[(3 * i) + 2] = image.Pixels[(4 * i) + 2 - red];
        }

        return copy;
    }

    private sealed class PictureRow
    {
        [ImageType(48, 48)]
        public MLImage? Picture { get; set; }
    }
}
