using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Graphs;
using MLClassify.Imaging;
using MLClassify.Models;
using MLClassify.Networks;
using MLClassify.Preprocessing;

namespace MLClassify.Tests;

public sealed class ExplanationTests : IDisposable
{
    private readonly ColorImageFolder _images = new(perClass: 1);

    public void Dispose() => _images.Dispose();

    [Fact]
    public void Explain_NoClass_IsThePredictedOne()
    {
        using ImageClassifier model = Model();
        Explanation explanation = model.Explain(_images["red/0.png"]);
        Prediction prediction = model.Predict(_images["red/0.png"]);

        Assert.Equal(prediction.Label, explanation.Label);
        Assert.Equal(prediction.Label, explanation.Prediction.Label);

        // Folding batch normalization into filters, which prediction does and this cannot, rounds once more.
        Assert.Equal(prediction.Score, explanation.Score, 1e-5f);
        Assert.Equal("map", explanation.Layer);
        Assert.InRange(explanation.Map.Values.Max(), 1, 1);
    }

    [Fact]
    public void Explain_NamedClass_IsThatOne()
    {
        using ImageClassifier model = Model();
        Explanation explanation = model.Explain(_images["red/0.png"], "blue");
        Assert.Equal("blue", explanation.Label);
        Assert.Equal(explanation.Prediction.Scores[2], explanation.Score);
        Assert.NotEqual("blue", explanation.Prediction.Label);
    }

    [Fact]
    public void Explain_UnknownClass_NamesTheClasses()
    {
        using ImageClassifier model = Model();
        var error = Assert.Throws<ArgumentException>(() => model.Explain(_images["red/0.png"], "mauve"));
        Assert.Contains("no class 'mauve'; the classes are red, green, blue", error.Message, StringComparison.Ordinal);
    }

    // Each class's score is the mean of its own color: the heat must lie where the image has it, also beside the middle of a wide photo.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Explain_PatchOfAColor_IsHotThere(int color)
    {
        using ImageClassifier model = Model();
        var image = new Image(96, 48);
        (int left, int top) = (30 + (color * 11), 8 + (color * 10));
        for (int y = top; y < top + 8; y++)
        {
            for (int x = left; x < left + 8; x++)
            {
                image.Row(y)[(3 * x) + color] = 255;
            }
        }

        Explanation explanation = model.Explain(image, model.Labels[color]);
        Image drawn = explanation.Render(new HeatMapOptions { Saturation = 1, Alpha = 1 });

        Assert.Equal(new ImageRegion(24, 0, 48, 48), explanation.Region);
        Assert.Equal((96, 48), (drawn.Width, drawn.Height));
        (double x, double y) hottest = Lightest(drawn, 25, 71);
        Assert.Equal(left + 4, hottest.x, 3.0);
        Assert.Equal(top + 4, hottest.y, 3.0);
    }

    [Fact]
    public void Explain_NothingSpeaksForTheClass_IsEmptyAndDrawsNothing()
    {
        using ImageClassifier model = Model();
        var image = new Image(48, 48);
        for (int i = 0; i < image.Pixels.Length; i += 3)
        {
            image.Pixels[i] = 200;
        }

        Explanation explanation = model.Explain(image, "green");
        Assert.True(explanation.Map.IsEmpty);
        Assert.Equal(image.Pixels.ToArray(), explanation.Render(new HeatMapOptions { Saturation = 1 }).Pixels.ToArray());
    }

    [Fact]
    public void Save_Png_IsTheRenderedImage()
    {
        using ImageClassifier model = Model();
        Explanation explanation = model.Explain(_images["green/0.png"]);
        string path = _images["explained.png"];
        explanation.Save(path);
        Assert.Equal(explanation.Render().Pixels.ToArray(), Image.Load(path).Pixels.ToArray());
        Assert.Throws<ArgumentException>(() => explanation.Save(_images["explained.gif"]));
    }

    [Fact]
    public void Explain_ManyThreads_GiveWhatOneGives()
    {
        using ImageClassifier model = Model();
        string[] files = [_images["red/0.png"], _images["green/0.png"], _images["blue/0.png"]];
        float[][] alone = [.. files.Select(f => model.Explain(f).Map.Values.ToArray())];
        Parallel.For(0, 30, i => Assert.Equal(alone[i % 3], model.Explain(files[i % 3]).Map.Values));
    }

    [Fact]
    public void Explain_ModelFromOnnx_HasAMap()
    {
        string golden = GoldenFolder.Onnx["alex_17.onnx"];
        using ImageClassifier model = ImageClassification.FromOnnx(golden, ["a", "b", "c", "d", "e"], threads: 1);
        Explanation explanation = model.Explain(_images["red/0.png"], "c");
        Assert.True(explanation.Map.Height > 1);
        Assert.All(explanation.Map.Values, v => Assert.InRange(v, 0, 1));
    }

    [Fact]
    public void Explain_Disposed_Throws()
    {
        ImageClassifier model = Model();
        model.Explain(_images["red/0.png"]);
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Explain(_images["red/0.png"]));
    }

    // One filter a color, less the others, over windows of 4 x 4: so each class has a map of its own.
    private static ImageClassifier Model()
    {
        var b = GraphBuilder.For("colors", new Shape(48, 48, 3));
        Node map = b.Relu(b.BatchNorm(b.Convolution(b.Input, "conv", 3, 4, 4, bias: false), "norm"), "map");
        Node features = b.GlobalAveragePool(map, "pool");
        Graph graph = b.Build(b.Linear(features, "fc", 3), features);
        var engine = new CpuEngine(1);
        ParameterStore parameters = engine.CreateParameters(graph.Parameters);
        parameters.Initialize(1);
        float[] filters = [.. Enumerable.Range(0, 3 * 3 * 16).Select(i => i / 48 == i / 16 % 3 ? 1f : -1f)];
        parameters.Import("conv.weight", filters);
        parameters.Import("fc.weight", [1, 0, 0, 0, 1, 0, 0, 0, 1]);
        var spec = new PreprocessingSpec { ResizeSize = 48, CropSize = 48 };
        return new ImageClassifier(new TrainedModel(NetworkSpec.From(graph), graph, ["red", "green", "blue"], spec.WithNormalization(Normalization.None), engine, parameters));
    }

    private static (double X, double Y) Lightest(Image image, int left, int right)
    {
        double most = 0;
        var places = new List<(int X, int Y)>();
        for (int y = 1; y < image.Height - 1; y++)
        {
            for (int x = left; x < right; x++)
            {
                Span<byte> pixel = image.Row(y).Slice(3 * x, 3);
                double luma = (0.299 * pixel[0]) + (0.587 * pixel[1]) + (0.114 * pixel[2]);
                if (luma > most + 1e-9)
                {
                    most = luma;
                    places.Clear();
                }

                if (luma >= most - 1e-9)
                {
                    places.Add((x, y));
                }
            }
        }

        return (places.Average(p => p.X) + 0.5, places.Average(p => p.Y) + 0.5);
    }
}
