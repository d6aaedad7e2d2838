using MLClassify.Common;
using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Graphs;
using MLClassify.Imaging;
using MLClassify.Imaging.Encoding;
using MLClassify.Preprocessing;
using MLClassify.Preprocessing.Loading;
using MLClassify.Testing.Engines;

namespace MLClassify.Models.Tests;

public sealed class PredictorTests : IDisposable
{
    private const int Size = 16;
    private const int Classes = 5;

    private static readonly PreprocessingSpec Spec = new() { ResizeSize = 20, CropSize = Size };

    private readonly CpuEngine _cpu = new(threads: 2);
    private readonly CountingEngine _engine;
    private readonly Graph _graph = Network();
    private readonly ParameterStore _parameters;
    private readonly IInferenceSession _single;

    public PredictorTests()
    {
        _engine = new CountingEngine(_cpu);
        _parameters = _engine.CreateParameters(_graph.Parameters);
        _parameters.Initialize(seed: 7);
        _single = _cpu.CreateInference(_graph, _parameters, maxBatch: 1);
    }

    public void Dispose()
    {
        _single.Dispose();
        _parameters.Dispose();
        _engine.Dispose();
    }

    // The network's convolutions take one algorithm whatever the batch, so the chunks' sizes change no bit.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(64)]
    public void Predict_ChunksOfEverySize_GiveTheBitsOfOneByOne(int maxBatch)
    {
        using Predictor predictor = Create(maxBatch);
        for (int images = 0; images <= 7; images++)
        {
            foreach (int views in new[] { 1, 2, 3 })
            {
                float[][] samples = [.. Enumerable.Range(0, images).Select(i => Samples(views, seed: i))];
                float[] expected = [.. samples.SelectMany(image => OneByOne(image, views))];
                float[] found = new float[images * Classes];

                predictor.Predict([.. samples.SelectMany(image => image)], views, found);

                Assert.Equal(expected, found);
                Assert.Equal(expected, predictor.Predict([.. samples.Select(image => (ReadOnlyMemory<float>)image)], views));
            }
        }

        Assert.All(_engine.Runs, batch => Assert.InRange(batch, 1, maxBatch));
    }

    [Theory]
    [InlineData(TestTimeViews.None)]
    [InlineData(TestTimeViews.Flip)]
    [InlineData(TestTimeViews.TenCrop)]
    public void Predict_Image_AveragesItsViewsOneByOne(TestTimeViews views)
    {
        using Predictor predictor = Create(maxBatch: 4);
        IReadOnlyList<ImageView> shown = ImageView.For(views);
        Image image = TestImages.Scene(30, 24);
        float[] samples = new float[shown.Count * predictor.InputLength];
        predictor.Prepare(image, shown, samples);

        Assert.Equal(OneByOne(samples, shown.Count), predictor.Predict(image, shown));
    }

    // Views of 3 images are 30 samples, of which the session takes 4 at a time.
    [Theory]
    [InlineData(TestTimeViews.None)]
    [InlineData(TestTimeViews.TenCrop)]
    public void ForEach_LoaderOfLargerBatches_GivesTheBitsOfSingleImages(TestTimeViews views)
    {
        using Predictor predictor = Create(maxBatch: 4);
        Image[] images = [.. Enumerable.Range(0, 8).Select(i => TestImages.Noise(20 + i, 24, i))];
        IEnumerable<ImageSample> samples = images.Select((image, i) => ImageSample.FromBytes($"{i}", i == 3 ? new byte[9] : Encode(image), 0));
        var options = new BatchLoaderOptions { BatchSize = views == TestTimeViews.None ? 6 : 3, ImageViews = ImageView.For(views) };
        using var loader = new BatchLoader(new ImageDataset(["any"], samples), Spec, options);
        var found = new Dictionary<int, float[]>();
        var counts = new List<int>();

        predictor.ForEach(loader, epoch: 0, (index, logits) => found.Add(index, logits.ToArray()), counts.Add, default);

        Assert.Equal(Enumerable.Range(0, 8).Where(i => i != 3), found.Keys);
        Assert.All(found, pair => Assert.Equal(predictor.Predict(images[pair.Key], ImageView.For(views)), pair.Value));
        Assert.Equal(7, counts.Sum());
        Assert.Equal("3", Assert.Single(loader.Skipped).Path);
    }

    [Fact]
    public void Sessions_AreMadeOnFirstUseAndKept()
    {
        using (Predictor predictor = Create(maxBatch: 4))
        {
            Assert.Empty(_engine.Sessions);
            for (int i = 0; i < 3; i++)
            {
                predictor.Predict(new float[6 * predictor.InputLength], 1, new float[6 * Classes]);
                predictor.Predict([new float[2 * predictor.InputLength]], 2);
                Assert.Equal([4], _engine.Sessions);
            }

            for (int i = 0; i < 3; i++)
            {
                predictor.Predict(new Image(9, 9), ImageView.TenCrop);
                Assert.Equal([4, 1], _engine.Sessions);
            }

            Assert.Equal(2, _engine.OpenSessions);
        }

        Assert.Equal(0, _engine.OpenSessions);
    }

    [Fact]
    public void Sessions_BatchesOfOne_AreSingleImages()
    {
        using (Predictor predictor = Create(maxBatch: 1))
        {
            predictor.Predict(new float[2 * predictor.InputLength], 1, new float[2 * Classes]);
            predictor.Predict(new Image(9, 9), ImageView.Single);
        }

        Assert.Equal([1], _engine.Sessions);
        Assert.Equal(0, _engine.OpenSessions);
    }

    [Fact]
    public async Task Predict_SingleImage_DoesNotWaitForABatch()
    {
        using Predictor predictor = Create(maxBatch: 2);
        using var began = new SemaphoreSlim(0);
        using var mayGoOn = new SemaphoreSlim(0);
        _engine.BeforeRun = maxBatch =>
        {
            if (maxBatch == 2)
            {
                began.Release();
                mayGoOn.Wait(Waiting.Limit);
            }
        };
        Task batch = Task.Run(() => predictor.Predict(new float[2 * predictor.InputLength], 1, new float[2 * Classes]));
        await began.WaitAsync().OrHang();

        await Task.Run(() => predictor.Predict(new Image(9, 9), ImageView.Single)).OrHang();

        Assert.False(batch.IsCompleted);
        mayGoOn.Release();
        await batch.OrHang();
    }

    [Fact]
    public async Task Dispose_DuringABatch_WaitsForItAndRefusesTheNext()
    {
        Predictor predictor = Create(maxBatch: 2);
        float[] samples = Samples(5, seed: 1);
        float[] found = new float[5 * Classes];
        using var began = new SemaphoreSlim(0);
        using var mayGoOn = new SemaphoreSlim(0);
        _engine.BeforeRun = _ =>
        {
            began.Release();
            mayGoOn.Wait(Waiting.Limit);
        };
        Task batch = Task.Run(() => predictor.Predict(samples, 1, found));
        await began.WaitAsync().OrHang();

        Task end = Task.Run(predictor.Dispose);

        // The engine has begun the first of three chunks; a session that is disposed before the last would fail it.
        mayGoOn.Release(3);
        await batch.OrHang();
        await end.OrHang();
        _engine.BeforeRun = null;
        Assert.Equal(0, _engine.OpenSessions);
        Assert.Throws<ObjectDisposedException>(() => predictor.Predict(samples, 1, new float[5 * Classes]));
        Assert.Throws<ObjectDisposedException>(() => predictor.Predict([samples.AsMemory(0, predictor.InputLength)], 1));
        Assert.Throws<ObjectDisposedException>(() => predictor.Predict(new Image(9, 9), ImageView.Single));
        Assert.Equal([2], _engine.Sessions);
        predictor.Dispose();
        Assert.Equal(Enumerable.Range(0, 5).SelectMany(i => OneByOne(samples.AsSpan(i * predictor.InputLength, predictor.InputLength), 1)), found);
    }

    [Fact]
    public async Task Predict_ManyThreads_GiveTheBitsOfOne()
    {
        using Predictor predictor = Create(maxBatch: 3);
        float[][] samples = [.. Enumerable.Range(0, 8).Select(i => Samples(4, seed: i))];
        float[][] expected = [.. samples.Select(image => OneByOne(image, 2, images: 2))];

        float[][] found = await Task.WhenAll(samples.Select(image => Task.Run(() =>
        {
            float[] logits = new float[2 * Classes];
            predictor.Predict(image, 2, logits);
            return logits;
        }))).OrHang();

        Assert.Equal(expected, found);
        Assert.Equal(1, _engine.Sessions.Count(maxBatch => maxBatch == 3));
    }

    [Fact]
    public void Predict_WhatDoesNotFit_Throws()
    {
        using Predictor predictor = Create(maxBatch: 2);
        Assert.Throws<ArgumentException>(() => predictor.Predict(new float[predictor.InputLength + 1], 1, new float[Classes]));
        Assert.Throws<ArgumentException>(() => predictor.Predict(new float[predictor.InputLength], 1, new float[2 * Classes]));
        Assert.Throws<ArgumentException>(() => predictor.Predict(new float[predictor.InputLength], 2, new float[Classes]));
        Assert.Throws<ArgumentException>(() => predictor.Predict(new float[predictor.InputLength], 1, new float[Classes + 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => predictor.Predict(new float[predictor.InputLength], 0, new float[Classes]));
        Assert.Throws<ArgumentException>(() => predictor.Predict([new float[predictor.InputLength]], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(maxBatch: 0));
        using var unprepared = new Predictor(_engine, _graph, _parameters, preprocessing: null, 2);
        Assert.Throws<InvalidOperationException>(() => unprepared.Predict(new Image(9, 9), ImageView.Single));
    }

    private Predictor Create(int maxBatch) => new(_engine, _graph, _parameters, Spec, maxBatch);

    // What the engine says about each sample alone, and the views' averages.
    private float[] OneByOne(ReadOnlySpan<float> samples, int views, int images = 1)
    {
        int length = samples.Length / (views * images);
        float[] expected = new float[images * Classes];
        for (int image = 0; image < images; image++)
        {
            float[] logits = new float[views * Classes];
            for (int view = 0; view < views; view++)
            {
                _single.Run(samples.Slice(((image * views) + view) * length, length)).CopyTo(logits.AsSpan(view * Classes));
            }

            if (views == 1)
            {
                logits.CopyTo(expected, image * Classes);
            }
            else
            {
                ViewAverage.Write(logits, expected.AsSpan(image * Classes, Classes));
            }
        }

        return expected;
    }

    private static byte[] Encode(Image image) => PngEncoder.Encode(image);

    private static float[] Samples(int count, int seed)
    {
        var random = new CounterRandom(3, 0, seed);
        float[] samples = new float[count * Size * Size * 3];
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = (float)random.NextDouble(-2, 2);
        }

        return samples;
    }

    private static Graph Network()
    {
        var builder = GraphBuilder.For("tested", new Shape(Size, Size, 3));
        Node x = builder.Convolution(builder.Input, "conv", 8, kernel: 3, stride: 2, padding: 1, bias: false);
        x = builder.Relu(builder.BatchNorm(x, "norm"), "relu");
        Node features = builder.GlobalAveragePool(x, "pool");
        return builder.Build(builder.Linear(features, "fc", Classes), features);
    }
}
