using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers.Tests.Search;

public sealed class LearningRateFinderTests : IDisposable
{
    private static readonly FineTuneOptions Small = new()
    {
        Backbone = TinyNetwork.Name,
        Weights = WeightSelection.None,
        TrainableLayers = TrainableLayers.All,
        BatchSize = 8,
        Augmentation = "none",
        Compute = new() { Threads = 2 },
    };

    private readonly ColorImageFolder _images = new();
    private readonly ImageDataset _train;

    public LearningRateFinderTests()
    {
        // Unequal classes, so that balancing them has something to do.
        ImageDataset all = ImageFolder.Open(_images.Root).Dataset;
        _train = new ImageDataset(all.ClassNames, all.Samples.Where((sample, index) => sample.Label > 0 || index % 2 == 0));
    }

    public static TheoryData<string, FineTuneOptions> Settings => new()
    {
        { "mixup", Small with { Regularization = Small.Regularization with { Mixup = 1 } } },
        { "CutMix", Small with { Regularization = Small.Regularization with { CutMix = 1 } } },
        { "class weights", Small with { ClassBalance = Small.ClassBalance with { Weights = "balanced" } } },
        { "balanced sampling", Small with { ClassBalance = Small.ClassBalance with { BalancedSampling = true } } },
        { "label smoothing", Small with { Regularization = Small.Regularization with { LabelSmoothing = 0.2 } } },
    };

    public void Dispose() => _images.Dispose();

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task RunAsync_EverySettingOfTheRun_IsPartOfTheSearch(string name, FineTuneOptions options)
    {
        double[] plain = await Losses(Small);
        double[] changed = await Losses(options);

        Assert.Equal(changed, await Losses(options));
        Assert.True(plain.Zip(changed).Any(pair => Math.Abs(pair.First - pair.Second) > 1e-3), $"{name} changes nothing");
    }

    private async Task<double[]> Losses(FineTuneOptions options)
    {
        LearningRateCurve curve = await new LearningRateFinder(options) { From = 1e-3, To = 0.1, Steps = 10 }.RunAsync(_train);
        return [.. curve.Points.Select(point => point.Loss)];
    }
}
