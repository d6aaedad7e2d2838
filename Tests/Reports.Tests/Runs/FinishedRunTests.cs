using MLClassify.Evaluation;

namespace MLClassify.Reports.Tests.Runs;

public sealed class FinishedRunTests : IDisposable
{
    private const string Arguments = """{"version": "0.1.0", "data": {"folder": "/images/flowers", "split": null, "split_every": 10}, "options": {"backbone": "resnet18", "learning_rate": 0.1, "threads": 2, "weights": "/srv/me/w.pth", "from": null, "nesterov": false}}""";

    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Read_Run_HasItsSettingsEpochsAndFigures()
    {
        string folder = Make("flowers", Arguments, accuracies: [0.5, 0.9, 0.9], losses: [1, 0.4, 0.3]);
        MetricsFile.Write(Path.Combine(folder, ReportFolder.Metrics), Report(3));

        FinishedRun run = FinishedRun.Read(folder);

        Assert.Equal("resnet18", run.Network);
        Assert.Equal(["backbone", "data.folder", "data.split_every", "learning_rate", "nesterov", "weights"], run.Settings.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("flowers", run.Settings["data.folder"]);
        Assert.Equal("w.pth", run.Settings["weights"]);
        Assert.Equal(3, run.Epochs.Count);
        Assert.Equal(3, run.BestEpoch!.Epoch);
        Assert.Equal(3, run.Report!.Images);
    }

    [Fact]
    public void Read_RunThatStillGoesOn_HasNoReport()
    {
        FinishedRun run = FinishedRun.Read(Make("flowers", Arguments, [0.5], [1]));

        Assert.Null(run.Report);
        Assert.Contains("has no metrics.json", Assert.Single(RunComparison.Warnings([run])), StringComparison.Ordinal);
        Assert.Equal(0.5, RunComparison.Create([run])[0].Accuracy);
    }

    [Theory]
    [InlineData("", "the file is empty: the run never began")]
    [InlineData("null", "found no object 'options'")]
    [InlineData("[]", "found no object 'options'")]
    [InlineData("{}", "found no object 'options'")]
    [InlineData("{\"options\": 3}", "found no object 'options'")]
    [InlineData("{\"options\": {}", "args.json: ")]
    [InlineData("\0\u0001", "args.json: ")]
    [InlineData("{\"options\": {\"a\": \"\\ud800\"}}", "args.json: ")]
    public void Read_BadArguments_NamesTheFile(string content, string expected)
    {
        string folder = Make("bad", content, [0.5], [1]);

        var error = Assert.Throws<InvalidDataException>(() => FinishedRun.Read(folder));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(folder, "args.json"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DeepArguments_AreRefused()
    {
        string folder = Make("deep", $"{{\"options\": {new string('[', 100_000)}", [0.5], [1]);

        Assert.Contains("args.json", Assert.Throws<InvalidDataException>(() => FinishedRun.Read(folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AnyByteChanged_ReadsOrSaysSo()
    {
        string folder = Make("mutated", Arguments, [0.5, 0.6], [1, 0.9]);
        foreach (string name in new[] { "args.json", "results.csv" })
        {
            string path = Path.Combine(folder, name);
            byte[] content = File.ReadAllBytes(path);
            for (int i = 0; i < content.Length; i++)
            {
                foreach (byte value in new byte[] { 0, (byte)'"', (byte)'9', 0xFF })
                {
                    byte[] changed = [.. content];
                    changed[i] = value;
                    File.WriteAllBytes(path, changed);
                    try
                    {
                        _ = RunComparison.Create([FinishedRun.Read(folder)]);
                    }
                    catch (InvalidDataException)
                    {
                        // Said so.
                    }
                }
            }

            File.WriteAllBytes(path, content);
        }
    }

    [Fact]
    public void Read_NoRun_SaysWhatIsMissing()
    {
        string empty = _root["empty"];
        Directory.CreateDirectory(empty);

        Assert.Contains("there is no such folder", Assert.Throws<InvalidDataException>(() => FinishedRun.Read(_root["none"])).Message, StringComparison.Ordinal);
        Assert.Contains("it has no args.json", Assert.Throws<InvalidDataException>(() => FinishedRun.Read(empty)).Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(empty, "args.json"), Arguments);
        Assert.Contains("it has no results.csv", Assert.Throws<InvalidDataException>(() => FinishedRun.Read(empty)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_Runs_ShowWhatDiffersAndNothingElse()
    {
        FinishedRun a = FinishedRun.Read(Make("x/flowers", Arguments, [0.5], [1]));
        FinishedRun b = FinishedRun.Read(Make("y/flowers", Arguments.Replace("0.1,", "0.01, \"dropout\": 0.5,", StringComparison.Ordinal), [0.6], [1]));

        IReadOnlyList<ComparedRun> runs = RunComparison.Create([a, b]);

        Assert.Equal(["x-flowers", "y-flowers"], runs.Select(run => run.Name));
        Assert.Equal([("learning_rate", "0.1"), ("dropout", "-")], runs[0].Differences);
        Assert.Equal([("learning_rate", "0.01"), ("dropout", "0.5")], runs[1].Differences);
    }

    [Fact]
    public void Warnings_OtherImagesAndClasses_AreNamed()
    {
        string first = Make("a", Arguments, [0.5], [1]);
        string second = Make("b", Arguments, [0.5], [1]);
        MetricsFile.Write(Path.Combine(first, ReportFolder.Metrics), Report(3));
        MetricsFile.Write(Path.Combine(second, ReportFolder.Metrics), Report(7, "other"));

        IReadOnlyList<string> warnings = RunComparison.Warnings([FinishedRun.Read(first), FinishedRun.Read(second)]);

        Assert.Contains("3 to 7 held out", warnings[0], StringComparison.Ordinal);
        Assert.Contains("different classes", warnings[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("runs/a/weights/best.safetensors|runs/b/weights/best.safetensors", "a-best|b-best")]
    [InlineData("runs/a/weights/best.safetensors|models/flowers.onnx", "best|flowers")]
    [InlineData("x/m.onnx|x/m.safetensors|y/m.onnx", "x-m|x-m-2|y-m")]
    [InlineData("A/run|b/RUN", "A-run|b-RUN")]
    [InlineData("same|same|same-2", "same|same-2|same-2-2")]
    public void Of_Paths_AreToldApart(string paths, string expected)
    {
        string[] names = DistinctNames.Of([.. paths.Split('|').Select(path => _root[path])]);

        Assert.Equal(names.Length, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        if (!expected.StartsWith("x-m|", StringComparison.Ordinal) && !expected.StartsWith("same", StringComparison.Ordinal))
        {
            Assert.Equal(expected.Split('|'), names);
        }
    }

    private static EvaluationResult Report(int images, string name = "rose")
    {
        var accumulator = new EvaluationAccumulator(["daisy", name]);
        for (int i = 0; i < images; i++)
        {
            accumulator.Add(0, [1, 0]);
        }

        return accumulator.ToResult();
    }

    private string Make(string name, string arguments, double[] accuracies, double[] losses)
    {
        string folder = _root[name];
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "args.json"), arguments);
        ResultsFile.Write(
            Path.Combine(folder, ReportFolder.Results),
            [.. accuracies.Select((accuracy, i) => new EpochResult(i + 1, 2, 1, 0.5, losses[i], accuracy, 0.1))]);
        return folder;
    }
}
