using MLClassify.Samples.Flowers;
using MLClassify.Samples.OnnxInference;

namespace MLClassify.Samples.Tests;

public sealed class OnnxInferenceSampleTests
{
    [Fact]
    public async Task OnnxInference_TrainedModel_AgreesWithOnnxRuntime()
    {
        using var pictures = new ColorImageFolder(perClass: 4);
        SampleRun trained = await SampleRun.Of(
            FlowersSample.RunAsync, pictures.Root, "--weights", "embedded", "--split-every", "2", "--epochs", "3", "--out", pictures[".out"]);
        string model = trained.File("model");

        SampleRun compared = await SampleRun.Of(OnnxInferenceSample.RunAsync, model, pictures.Root, "--images", "5");
        Assert.Equal((0, ""), (compared.Code, compared.Error));
        Assert.Contains("largest distance of 5 images: ", compared.Output);
        Assert.True(File.Exists(Path.ChangeExtension(model, ".onnx")));

        SampleRun failed = await SampleRun.Of(OnnxInferenceSample.RunAsync, pictures["nowhere.safetensors"], pictures.Root);
        Assert.Equal(1, failed.Code);
        Assert.StartsWith("error: ", Assert.Single(failed.Error.Trim().Split('\n')));
    }
}
