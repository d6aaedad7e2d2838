using MLClassify.Samples.Flowers;
using MLClassify.Samples.OnnxInference;

namespace MLClassify.Samples.Tests;

public sealed class OnnxInferenceSampleTests
{
    [Fact]
    public async Task OnnxInference_TrainedModel_AgreesWithOnnxRuntime()
    {
        using var images = new ColorImageFolder(perClass: 4);
        SampleRun trained = await SampleRun.Of(
            FlowersSample.RunAsync, images.Root, "--weights", "embedded", "--split-every", "2", "--epochs", "3", "--out", images[".out"]);
        string model = trained.File("model");

        SampleRun compared = await SampleRun.Of(OnnxInferenceSample.RunAsync, model, images.Root, "--images", "5");
        Assert.Equal((0, ""), (compared.Code, compared.Error));
        Assert.Contains("largest distance of 5 images: ", compared.Output);
        Assert.True(File.Exists(Path.ChangeExtension(model, ".onnx")));

        SampleRun failed = await SampleRun.Of(OnnxInferenceSample.RunAsync, images["nowhere.safetensors"], images.Root);
        Assert.Equal(1, failed.Code);
        Assert.StartsWith("error: ", Assert.Single(failed.Error.Trim().Split('\n')));
    }
}
