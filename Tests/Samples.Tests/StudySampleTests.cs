using MLClassify.Samples.AlexNetFromScratch;
using MLClassify.Samples.HyperparameterStudy;

namespace MLClassify.Samples.Tests;

/// <summary>The samples that train from scratch: AlexNet, and the study of settings.</summary>
public sealed class StudySampleTests : IDisposable
{
    private readonly ColorImageFolder _images = new();

    public void Dispose() => _images.Dispose();

    [Theory]
    [InlineData("paper")]
    [InlineData("adam")]
    public async Task AlexNet_OneEpoch_PrintsFiguresAndTenCrops(string recipe)
    {
        SampleRun run = await SampleRun.Of(
            AlexNetFromScratchSample.RunAsync,
            _images.Root, "--recipe", recipe, "--images-per-class", "4", "--split-every", "2", "--epochs", "1", "--batch-size", "6", "--model", _images[".alexnet.safetensors"]);
        run.AssertReport(6, "blue", "green", "red");
        Assert.Contains("alexnet_half, all of it, from scratch", run.Output);
        Assert.Matches(@"ten crops: \d+\.\d % \(\d of 6 images\)", run.Output);
        using ImageClassifier model = ImageClassifier.Load(run.File("model"));
        Assert.Equal("alexnet_half", model.Network.Name);
    }

    [Theory]
    [InlineData("--recipe: expected paper or adam, got 'best'", "--recipe", "best")]
    [InlineData("Backbone is 'resnet18'", "--backbone", "resnet18")]
    [InlineData("LearningRate is -1", "--lr", "-1")]
    public async Task AlexNet_WrongArguments_SaysWhat(string expected, params string[] args)
    {
        SampleRun run = await SampleRun.Of(AlexNetFromScratchSample.RunAsync, [_images.Root, .. args]);
        Assert.Equal(2, run.Code);
        Assert.Contains(expected, Assert.Single(run.Error.Trim().Split('\n')));
    }

    [Fact]
    public async Task Study_FourTrials_RanksThemAndWritesThePage()
    {
        SampleRun run = await SampleRun.Of(
            HyperparameterStudySample.RunAsync,
            _images.Root, "--lr", "0.05,0.001", "--batch-size", "8", "--dropout", "0,0.2", "--weight-decay", "1e-4", "--epochs", "1", "--out", _images[".study"]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("cifar_resnet20, 4 trials of 1 epochs: 18 training images, 6 held out", run.Output);
        Assert.Contains("trial 4/4: lr=0.001 batch_size=8 dropout=0.2 weight_decay=0.0001: ", run.Output);
        Assert.StartsWith("lr=", run.File("best"));
        Assert.Contains("trial-004", File.ReadAllText(run.File("page")));
        Assert.Equal("trial,lr,batch_size,dropout,weight_decay,accuracy,loss,best_epoch,seconds,note,accuracy_low,accuracy_high,images", File.ReadLines(Path.Combine(_images[".study"], "tune.csv")).First());
    }

    [Theory]
    [InlineData("--lr: expected numbers separated by commas, got '0.1,fast'", "--lr", "0.1,fast")]
    [InlineData("LearningRate is -1", "--lr", "-1")]
    [InlineData("resnet21", "--backbone", "resnet21")]
    public async Task Study_WrongArguments_SaysWhat(string expected, params string[] args)
    {
        SampleRun run = await SampleRun.Of(HyperparameterStudySample.RunAsync, [_images.Root, "--out", _images[".study"], .. args]);
        Assert.Equal(2, run.Code);
        Assert.Contains(expected, Assert.Single(run.Error.Trim().Split('\n')));
        Assert.False(Directory.Exists(_images[".study"]));
    }

    [Fact]
    public async Task Sample_NoSuchFolder_SaysHowToGetTheData()
    {
        SampleRun alexNet = await SampleRun.Of(AlexNetFromScratchSample.RunAsync, _images["nowhere"]);
        SampleRun study = await SampleRun.Of(HyperparameterStudySample.RunAsync, _images["nowhere"]);
        Assert.Equal((1, 1), (alexNet.Code, study.Code));
        Assert.Contains("'mlclassify data download flowers' gets the images", alexNet.Error);
        Assert.Contains("'mlclassify data download cifar10' gets the images", study.Error);
    }

    [DataFact]
    public async Task Study_SliceOfCifar_RanksTrials()
    {
        using var slice = new PhotoSlice("cifar10_jpeg.tar.gz", 10);
        SampleRun run = await SampleRun.Of(
            HyperparameterStudySample.RunAsync,
            slice.Root, "--lr", "0.1,0.01", "--batch-size", "32", "--dropout", "0", "--weight-decay", "1e-4", "--epochs", "1", "--images-per-class", "10", "--out", _images[".study"]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("2 trials of 1 epochs: 80 training images, 20 held out", run.Output);
    }
}
