using MLClassify.Cli.Tuning;
using MLClassify.Reports;
using MLClassify.Trainers;

namespace MLClassify.Cli.Tests.Commands;

public sealed class TuneCommandTests : IDisposable
{
    private static readonly string[] Small = ["--backbone", "cifar_resnet20", "--weights", "none", "--image-size", "16", "--batch-size", "8", "--epochs", "1", "--split-every", "4"];

    private readonly ColorImageFolder _images = new(perClass: 8);

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task Tune_Grid_TrainsEveryCombinationAndRanksThem()
    {
        string folder = _images[".tune"];
        ToolResult result = await Tool.Run(["tune", _images.Root, "--vary", "lr=0.05,0.0001", "--vary", "momentum=0,0.9", "--out", folder, .. Small]);
        Assert.Equal((0, ""), (result.Code, result.Error));
        string[] table = File.ReadAllLines(Path.Combine(folder, "tune.csv"));
        Assert.Equal("trial,lr,momentum,accuracy,loss,best_epoch,seconds,note,accuracy_low,accuracy_high,images", table[0]);
        Assert.Equal(["0.0001,0", "0.0001,0.9", "0.05,0", "0.05,0.9"], table[1..].Select(l => string.Join(',', l.Split(',')[1..3])).Order(StringComparer.Ordinal));
        double[] accuracies = [.. table[1..].Select(l => double.Parse(l.Split(',')[3], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(accuracies.OrderDescending(), accuracies);
        Assert.Equal(4, Directory.GetDirectories(folder, "trial-*").Length);
        Assert.Contains("trial-001", File.ReadAllText(Path.Combine(folder, "tune.html")));
        Assert.Contains("trial 4/4: lr=0.0001 momentum=0.9", result.Output);
    }

    [Fact]
    public async Task Tune_Seeds_TrainAnewOnTheSameImages()
    {
        string folder = _images[".tune"];
        ToolResult result = await Tool.Run(["tune", _images.Root, "--vary", "seed=1,2", "--out", folder, .. Small[..^2]]);
        Assert.Equal((0, ""), (result.Code, result.Error));
        RunArguments[] runs = [.. new[] { "trial-001", "trial-002" }.Select(trial => RunArguments.Read(Path.Combine(folder, trial, "args.json")))];
        Assert.Equal([1, 2], runs.Select(run => run.Options.Seed));
        string[] heldOut = [.. new[] { "trial-001", "trial-002" }.Select(trial => string.Join('|', File.ReadLines(Path.Combine(folder, trial, "predictions.csv")).Select(line => line.Split(',')[0]).Order(StringComparer.Ordinal)))];
        Assert.Equal(heldOut[0], heldOut[1]);

        ToolResult wrong = await Tool.Run(["tune", _images.Root, "--vary", "seed=one", "--out", _images[".tune2"], .. Small[..^2]]);
        Assert.Equal(2, wrong.Code);
        Assert.Contains("expected a whole number, got 'one'", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tune_Backbones_TrainsEachInsteadOfTheDefault()
    {
        string folder = _images[".tune"];
        ToolResult result = await Tool.Run(
            ["tune", _images.Root, "--vary", "backbone=cifar_resnet20,cifar_resnet56", "--trials", "1", "--out", folder, .. Small[2..]]);
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Equal("cifar_resnet20", RunArguments.Read(Path.Combine(folder, "trial-001", "args.json")).Options.Backbone);
        Assert.DoesNotContain("no --backbone", result.Output);
    }

    [Fact]
    public async Task Tune_NoBackbone_ChoosesOneForAllTrials()
    {
        ToolResult result = await Tool.Run(["tune", _images.Root, "--vary", "lr=0.1,0.01", "--offline", "--out", _images[".tune"], "--epochs", "1"]);
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Single(result.OutputLines, line => line.StartsWith("no --backbone: ", StringComparison.Ordinal));
        Assert.Contains("trial 2/2", result.Output);
    }

    [Fact]
    public async Task Tune_TimeIsUp_EndsTheTrialUnderWayAndKeepsWhatThereIs()
    {
        string folder = _images[".tune"];
        ToolResult result = await Tool.Run(["tune", _images.Root, "--vary", "lr=0.1,0.01,0.001", "--minutes", "0.02", "--out", folder, .. Small[..^4], "--epochs", "5000", "--split-every", "4"]);
        Assert.Equal(0, result.Code);
        Assert.Contains("ended early", File.ReadAllText(Path.Combine(folder, "tune.csv")));
        Assert.Equal(2, File.ReadAllLines(Path.Combine(folder, "tune.csv")).Length);
    }

    [Theory]
    [InlineData("speed=1,2", "--vary: training has no option 'speed'")]
    [InlineData("lr", "expected OPTION=VALUE,VALUE,... or OPTION=FROM..TO, got 'lr'")]
    [InlineData("lr=", "got 'lr='")]
    [InlineData("lr=0.1,", "got 'lr=0.1,'")]
    [InlineData("lr=fast", "--lr: expected a number, got 'fast'")]
    [InlineData("lr=0.1..0.01", "no range of numbers")]
    [InlineData("lr=0.01..0.1", "from which only --random can draw")]
    [InlineData("lr=-1", "--lr is -1")]
    [InlineData("lr=0.1", "--trials: expected a number above 0, got 0", "--trials", "0")]
    [InlineData("lr=0.1", "--minutes: expected a number above 0, got 0", "--minutes", "0")]
    public async Task Tune_SettingsThatCannotBe_SaysSoBeforeAnyTrial(string vary, string expected, params string[] more)
    {
        ToolResult result = await Tool.Run(["tune", _images.Root, "--vary", vary, "--out", _images[".tune"], .. Small, .. more]);
        Assert.Equal(2, result.Code);
        Assert.Contains(expected, Assert.Single(result.ErrorLines));
        Assert.False(Directory.Exists(_images[".tune"]));
    }

    [Fact]
    public void Draw_Ranges_AreWithinAndSeeded()
    {
        var space = TrialSpace.Parse(["lr=0.0001..0.1", "batch-size=8..64", "dropout=0,0.5"]);
        IReadOnlyList<SearchTrial> trials = space.Draw(60, seed: 3);
        Assert.Equal(60, trials.Count);
        Assert.Equal(trials.Select(t => t.ToString()), space.Draw(60, seed: 3).Select(t => t.ToString()));
        Assert.NotEqual(trials.Select(t => t.ToString()), space.Draw(60, seed: 4).Select(t => t.ToString()));
        double[] rates = [.. trials.Select(t => double.Parse(t.Settings[0].Value, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.All(rates, r => Assert.InRange(r, 0.0001, 0.1));
        Assert.All(trials, t => Assert.InRange(int.Parse(t.Settings[1].Value, System.Globalization.CultureInfo.InvariantCulture), 8, 64));

        // By factors: about a third of the rates in each of the three tens; fewer than 8 of 60 has a probability below 0.0005.
        Assert.InRange(rates.Count(r => r < 0.001), 8, 35);
        Assert.InRange(rates.Count(r => r > 0.01), 8, 35);
    }

    [Fact]
    public async Task LrFind_Images_DrawsTheCurve()
    {
        string file = _images[".lr.svg"];
        ToolResult result = await Tool.Run(["lr-find", _images.Root, "--steps", "60", "--to-lr", "100", "--out", file, .. Small]);
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Contains("suggestion: --lr ", result.Output);
        Assert.StartsWith("<svg ", File.ReadAllText(file));
    }

    [Fact]
    public async Task Train_TensorBoard_WritesEvents()
    {
        string run = _images[".run"];
        ToolResult result = await Tool.Run(["train", _images.Root, "--tensorboard", "--out", run, .. Small]);
        Assert.Equal(0, result.Code);
        Assert.Single(Directory.GetFiles(run, "events.out.tfevents.*"));
        Assert.True(File.Exists(Path.Combine(run, "report.html")));
    }

    [Fact]
    public async Task Train_ResumeOnAnotherDevice_IsNoContradiction()
    {
        ToolResult result = await Tool.Run("train", "--resume", _images[".none"], "--device", "cpu", "--precision", "float32", "--deterministic", "--threads", "1");
        Assert.Equal(1, result.Code);
        Assert.DoesNotContain("exclude each other", Assert.Single(result.ErrorLines));
    }

    [Theory]
    [InlineData("give the data's folder, or --resume", "train")]
    [InlineData("--resume and --lr exclude each other", "train", "--resume", "x", "--lr", "1")]
    [InlineData("--resume and DATA exclude each other", "train", "y", "--resume", "x")]
    [InlineData("--recipe: expected one of default, alexnet, cifar, got 'best'", "train", "y", "--recipe", "best")]
    public async Task Train_WrongUsage_SaysWhat(string expected, params string[] arguments)
    {
        ToolResult result = await Tool.Run(arguments);
        Assert.Equal(2, result.Code);
        Assert.Contains(expected, Assert.Single(result.ErrorLines));
    }

    [Fact]
    public async Task Train_ResumeOfAFinishedRun_SaysSo()
    {
        string run = _images[".run"];
        Assert.Equal(0, (await Tool.Run(["train", _images.Root, "--out", run, .. Small])).Code);
        ToolResult result = await Tool.Run("train", "--resume", run);
        Assert.Equal(2, result.Code);
        Assert.Contains("is finished; 'train --from' goes on from its model", Assert.Single(result.ErrorLines));
    }
}
