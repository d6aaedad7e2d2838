using System.Globalization;
using MLClassify.Imaging;
using MLClassify.Imaging.Encoding;
using MLClassify.Samples.Flowers;
using MLClassify.Samples.MLNetOnnx;

namespace MLClassify.Samples.Tests;

public sealed class MLNetOnnxSampleTests
{
    [Fact]
    public async Task MLNetOnnx_TrainedModel_ScoresAsMLClassifyFromBothKindsOfPixels()
    {
        using var images = new ColorImageFolder(perClass: 4);
        SampleRun trained = await SampleRun.Of(
            FlowersSample.RunAsync, images.Root, "--weights", "embedded", "--split-every", "2", "--epochs", "3", "--out", images[".out"]);

        // One color each: however they are resized, the pixels are the same.
        using var flat = new TemporaryFolder();
        foreach ((string name, int at) in new[] { ("blue", 2), ("green", 1), ("red", 0) })
        {
            Directory.CreateDirectory(flat[name]);
            for (int i = 0; i < 3; i++)
            {
                var image = new Image(50, 50);
                for (int p = 0; p < image.Pixels.Length; p++)
                {
                    image.Pixels[p] = (byte)(p % 3 == at ? 150 + (30 * i) : 40 + (20 * i));
                }

                ImageEncoder.Save(flat[$"{name}/{i}.png"], image);
            }
        }

        SampleRun compared = await SampleRun.Of(MLNetOnnxSample.RunAsync, trained.File("model"), flat.Root, "--out", images[".onnx"]);

        Assert.Equal((0, ""), (compared.Code, compared.Error));
        Assert.InRange(Distance(compared, "NormalizeImageNet"), 0, MLNetOnnxSample.Tolerance);
        Assert.InRange(Distance(compared, "ExtractPixels"), 0, MLNetOnnxSample.Tolerance);
        Assert.True(File.Exists(images[".onnx/normalized.onnx"]) && File.Exists(images[".onnx/bytes.onnx"]));
    }

    private static double Distance(SampleRun run, string pixels)
    {
        string line = run.Output.Split('\n').Single(l => l.Contains(pixels, StringComparison.Ordinal));
        return double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
    }
}
