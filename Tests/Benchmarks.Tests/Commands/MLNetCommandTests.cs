namespace MLClassify.Benchmarks.Tests.Commands;

public sealed class MLNetCommandTests : IDisposable
{
    // 9 of each color are learned from, every tenth is measured on.
    private readonly ColorImageFolder _images = new(perClass: 10);

    public void Dispose() => _images.Dispose();

    [Fact]
    public void MLNet_PeerAndOurs_PrintsARowEach()
    {
        (int code, string output, string error) = Run("--row", "microsoft-resnet18", "--row", "resnet18");

        Assert.Equal((0, "microsoft-resnet18: measuring\nresnet18: measuring\n"), (code, error));
        string[] lines = output.Trim().Split('\n');
        Assert.Equal("| pipeline, 27 training images | accuracy of 3 | 95 % interval | training, CPU s | scoring, CPU s |", lines[0]);
        Assert.Matches(@"^\| Microsoft's DnnFeaturizeImage ResNet-18, L-BFGS \| 100\.0 % \| [\d.]+ to 100\.0 % \| \d+\.\d \| \d+\.\d \|$", lines[2]);
        Assert.StartsWith("| ours, the same ResNet-18 weights and stretch, L-BFGS | 100.0 % | ", lines[3], StringComparison.Ordinal);
        Assert.Equal(4, lines.Length);
    }

    [Fact]
    public void MLNet_RowThatIsInTheFile_IsNotMeasuredAgain()
    {
        (_, string first, _) = Run("--row", "embedded-head");
        (int code, string second, string error) = Run("--row", "embedded-head", "--row", "embedded");

        Assert.Equal((0, "embedded: measuring\nembedded-head: measured before\n"), (code, error));
        Assert.Equal(2, File.ReadAllLines(_images[".results.jsonl"]).Length);
        Assert.Contains(first.Trim().Split('\n')[2], second, StringComparison.Ordinal);

        // Other images are another measurement.
        (_, string fewer, string again) = Run("--row", "embedded-head", "--limit", "5");
        Assert.Equal("embedded-head: measuring\n", again);
        Assert.Contains("12 training images", fewer, StringComparison.Ordinal);
    }

    [Fact]
    public void MLNet_DamagedFile_SaysWhere()
    {
        File.WriteAllText(_images[".results.jsonl"], "no line of ours\n");
        (int code, _, string error) = Run("--row", "embedded");
        Assert.Equal(1, code);
        Assert.StartsWith($"error: {_images[".results.jsonl"]}: ", error, StringComparison.Ordinal);
    }

    private (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = CommandLine.Run(["mlnet", _images.Root, "--threads", "1", "--out", _images[".results.jsonl"], .. args], output, error);
        return (code, output.ToString(), error.ToString());
    }
}
