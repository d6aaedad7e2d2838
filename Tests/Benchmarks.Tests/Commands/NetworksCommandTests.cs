using System.Text.Json;

namespace MLClassify.Benchmarks.Tests.Commands;

public class NetworksCommandTests
{
    private static readonly string[] Quick = ["--batch", "1", "--size", "64", "--steps", "1", "--warm-up", "0", "--threads", "1"];

    [Fact]
    public void Networks_TrainAndInfer_PrintsThePeersFieldsAndItsOwn()
    {
        using JsonDocument line = Run(["networks", "squeezenet1_1", .. Quick]);

        JsonElement root = line.RootElement;
        Assert.Equal("mlclassify", root.GetProperty("peer").GetString());
        Assert.Equal("squeezenet1_1", root.GetProperty("network").GetString());
        Assert.Equal(1, root.GetProperty("batch").GetInt32());
        Assert.Equal(64, root.GetProperty("size").GetInt32());
        Assert.Equal(1, root.GetProperty("threads").GetInt32());
        foreach (string field in (string[])["train_images_per_s", "infer_images_per_s", "gflops", "percent_of_peak", "peak_gflops"])
        {
            Assert.True(root.GetProperty(field).GetDouble() > 0, field);
        }

        Assert.True(root.GetProperty("managed_bytes_per_step").GetDouble() >= 0);
        Assert.Equal(OperatingSystem.IsLinux(), root.TryGetProperty("peak_rss_mb", out _));
        Assert.False(root.TryGetProperty("frozen_images_per_s", out _));
    }

    [Fact]
    public void Networks_FrozenAtAPortableWidth_PrintsThatAlone()
    {
        using JsonDocument line = Run(["networks", "squeezenet1_1", "--mode", "frozen", "--level", "portable", .. Quick]);

        JsonElement root = line.RootElement;
        Assert.Equal("portable", root.GetProperty("level").GetString());
        Assert.True(root.GetProperty("frozen_images_per_s").GetDouble() > 0);
        Assert.False(root.TryGetProperty("train_images_per_s", out _));
        Assert.False(root.TryGetProperty("infer_images_per_s", out _));
    }

    [Theory]
    [InlineData("networks", "no_such_network")]
    [InlineData("networks", "resnet18", "--mode", "fast")]
    [InlineData("networks", "resnet18", "--batch", "0")]
    [InlineData("networks", "resnet18", "--level", "mmx")]
    [InlineData("sleep")]
    public void Networks_WrongUsage_IsOneLine(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        Assert.Equal(2, CommandLine.Run(args, output, error));
        Assert.Single(error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(output.ToString());
    }

    private static JsonDocument Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = CommandLine.Run(args, output, error);

        Assert.True(code == 0, error.ToString());
        return JsonDocument.Parse(output.ToString());
    }
}
