using MLClassify.Samples.MLNetPipeline;

namespace MLClassify.MLNet.Tests;

public sealed class PipelineSampleTests(TrainedColors colors) : IClassFixture<TrainedColors>
{
    [Theory]
    [InlineData("fine-tune", 2)]
    [InlineData("features", 0)]
    public void Run_Colors_MeasuresSavesAndPredicts(string trainer, int folds)
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".zip");
        using var output = new StringWriter();
        try
        {
            PipelineSample.Run(
                new PipelineOptions
                {
                    Data = colors.Images.Root,
                    Trainer = trainer,
                    Folds = folds,
                    Backbone = TinyNetwork.Name,
                    Weights = "none",
                    Epochs = 8,
                    TestFraction = 0.3,
                    Out = file,
                    Threads = 1,
                },
                output,
                CancellationToken.None);
        }
        finally
        {
            File.Delete(file);
        }

        string text = output.ToString();
        Assert.Contains("accuracy", text);
        Assert.Contains("Confusion table", text);
        Assert.Contains("says of", text);
        Assert.Equal(folds, text.Split('\n').Count(line => line.StartsWith("fold ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Run_UnknownTrainer_Throws()
    {
        var options = new PipelineOptions { Data = colors.Images.Root, Trainer = "guess" };

        Assert.Contains("'guess'", Assert.Throws<ArgumentException>(() => PipelineSample.Run(options, TextWriter.Null, CancellationToken.None)).Message);
    }
}
