using System.Text.RegularExpressions;
using MLClassify.Evaluation.Tests.Support;
using MLClassify.Reports.Tests.Support;

namespace MLClassify.Reports.Tests.Comparison;

[Collection(BrowserTests.Name)]
public sealed class ComparisonPageTests(BrowserFixture fixture) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Format_Runs_HaveARowEachWithWhatDiffers()
    {
        string text = ComparisonText.Format([Run("a", 0.8, ("lr", "0.1")) with { Images = 50 }, Run("longer name", null, ("lr", "0.01")) with { Seconds = 3725, Network = null }]);

        string expected = """
            run           network    lr  best epoch  accuracy   95 % interval    loss  macro F1  epochs' time
            a             net-x     0.1        9/10    80.0 %  67.0 to 88.8 %  0.5000     0.790     12.5 s
            longer name   -        0.01        9/10         -               -  0.5000     0.790  1:02:05 h
            """;
        Assert.Equal(Spaces(expected), Spaces(text));
    }

    [Fact]
    public void Format_NoRun_Throws() => Assert.Throws<ArgumentException>(() => ComparisonText.Format([]));

    [Fact]
    public void Rank_AnyOrder_PutsTheBestFirstAndTheUnmeasuredLast()
    {
        IReadOnlyList<ComparedRun> ranked = ComparedRun.Rank([Run("none", null), Run("low", 0.5), Run("high", 0.9), Run("tie, higher loss", 0.9) with { Loss = 0.6 }, Run("nan", 0.5) with { Loss = double.NaN }]);

        Assert.Equal(["high", "tie, higher loss", "low", "nan", "none"], ranked.Select(run => run.Name));
    }

    [Fact]
    public void ToHtml_HostileNames_AddNoElement()
    {
        ComparedRun[] runs = [.. SampleReports.HostileNames.Select((name, i) => Run(name, 0.5 + (i / 100.0), ("<script>x", name)))];

        string html = ComparisonPage.ToHtml("<script>alert(1)</script>", runs, ["<script>alert(2)</script>"]);

        Assert.Single(Regex.Matches(html, "<script", RegexOptions.IgnoreCase));
        Assert.Single(Regex.Matches(html, "<style", RegexOptions.IgnoreCase));
        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
    }

    [Fact]
    public void ToHtml_OneRunDiverged_DoesNotFlattenTheOthers()
    {
        ComparedRun diverged = Run("diverged", 0.2) with { Epochs = [.. Run("x", 0.2).Epochs.Select(epoch => epoch with { TrainLoss = 1e6, ValLoss = double.NaN })] };

        string html = ComparisonPage.ToHtml("runs", [Run("a", 0.8), Run("b", 0.7), diverged]);

        Assert.Contains("Training loss (cut off at", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("points=\"[^\"]*NaN", html);
    }

    [Fact]
    public void ToHtml_RunsOfDifferentLengthsOrNone_AreShown()
    {
        string html = ComparisonPage.ToHtml("runs", [Run("a", 0.8), Run("empty", null) with { Epochs = [], BestEpoch = null }, Run("one", 0.1) with { Epochs = [Run("x", 1).Epochs[0]] }]);

        Assert.Contains("One epoch says nothing", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<section id=\"curves\"", ComparisonPage.ToHtml("none", [Run("empty", null) with { Epochs = [] }]), StringComparison.Ordinal);
    }

    [ChromiumFact]
    public async Task Page_ManyRuns_SortsAndLightsUp()
    {
        ComparedRun[] runs = [.. Enumerable.Range(0, 30).Select(i => Run($"run {i}", 0.5 + (0.01 * i), ("learning_rate", $"{0.1 / (i + 1):0.####}")))];
        ComparisonPage.Write(_folder["compare.html"], "30 runs", runs);
        Chromium browser = await fixture.StartAsync();
        await browser.OpenAsync(_folder["compare.html"], width: 320);
        Assert.Equal(320, await browser.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await browser.OpenAsync(_folder["compare.html"]);

        const string first = "document.querySelector('#runs-table tbody th').textContent.trim()";
        Assert.Equal("run 29", await browser.EvaluateAsync<string>(first));
        await browser.EvaluateAsync<bool>("(document.querySelector('#runs-table thead th button').click(), true)");
        Assert.Equal("run 0", await browser.EvaluateAsync<string>(first));
        await browser.PointAtAsync("#runs-table tbody tr:nth-child(3) th");
        Assert.Equal("run 2", await browser.EvaluateAsync<string>("[...new Set([...document.querySelectorAll('g.lit')].map(g => g.getAttribute('data-series')))].join()"));
        Assert.Empty(browser.Complaints);
    }

    private static ComparedRun Run(string name, double? accuracy, params (string, string)[] differences) => new()
    {
        Name = name,
        Network = "net-x",
        Differences = differences,
        Epochs = SyntheticCurves.Run(10, 1, 0.02, SyntheticCurves.Decay(1.6, 0.3, 4), SyntheticCurves.Decay(1.6, 0.4, 4)),
        BestEpoch = 9,
        Accuracy = accuracy,
        Loss = 0.5,
        MacroF1 = 0.79,
        Seconds = 12.5,
    };

    private static string Spaces(string text) => Regex.Replace(text, " +", " ");
}
