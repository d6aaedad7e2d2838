using MLClassify.Samples.MLNetPipeline;

namespace MLClassify.Samples.Tests;

public sealed class MLNetPipelineSampleTests : IDisposable
{
    private readonly ColorImageFolder _images = new(perClass: 10);

    public void Dispose() => _images.Dispose();

    [Theory]
    [InlineData("fine-tune", 2)]
    [InlineData("features", 0)]
    public async Task Pipeline_Colors_MeasuresSavesAndPredicts(string trainer, int folds)
    {
        string file = _images[".model.zip"];
        SampleRun run = await SampleRun.Of(
            MLNetPipelineSample.RunAsync,
            _images.Root, "--trainer", trainer, "--folds", $"{folds}", "--backbone", "resnet20_half", "--weights", "embedded", "--epochs", "8", "--out", file);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("accuracy", run.Output);
        Assert.Contains("Confusion table", run.Output);
        Assert.Contains($"{file} says of ", run.Output);
        Assert.Equal(folds, run.Output.Split('\n').Count(line => line.StartsWith("fold ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Pipeline_UnknownTrainer_SaysWhichThereAre()
    {
        SampleRun run = await SampleRun.Of(MLNetPipelineSample.RunAsync, _images.Root, "--trainer", "guess");
        Assert.Equal(2, run.Code);
        Assert.Contains("expected fine-tune, alexnet or features, got 'guess'", Assert.Single(run.Error.Trim().Split('\n')));
    }
}
