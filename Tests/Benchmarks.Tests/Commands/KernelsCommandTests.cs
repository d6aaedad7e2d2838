namespace MLClassify.Benchmarks.Tests.Commands;

public class KernelsCommandTests
{
    [Fact]
    public void Kernels_Filtered_PrintsALineAPassAndTotals()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        int code = CommandLine.Run(
            ["kernels", "--filter", "resnet18.layer4.0.downsample", "--batch", "1", "--milliseconds", "0", "--threads", "1"], output, error);

        Assert.True(code == 0, error.ToString());
        string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2 + 3 + 4, lines.Length);
        Assert.All(lines[2..5], line => Assert.StartsWith("resnet18.layer4.0.downsample.0 ", line, StringComparison.Ordinal));
        Assert.All(lines[5..], line => Assert.StartsWith("total resnet18 ", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--filter", "no such layer", 2)]
    [InlineData("--shapes", "no-such-file.txt", 1)]
    public void Kernels_NothingToMeasure_IsOneLine(string option, string value, int code)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        Assert.Equal(code, CommandLine.Run(["kernels", option, value], output, error));
        Assert.Single(error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
