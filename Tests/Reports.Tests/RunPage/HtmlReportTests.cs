using System.Text.RegularExpressions;
using MLClassify.Evaluation.Tests.Support;
using MLClassify.Imaging;
using MLClassify.Imaging.Encoding;
using MLClassify.Reports.Tests.Support;

namespace MLClassify.Reports.Tests.RunPage;

public sealed partial class HtmlReportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ToHtml_HostileNames_AddNoElement()
    {
        string html = HtmlReport.ToHtml(SampleReports.Hostile());

        Assert.Single(Script().Matches(html));
        Assert.Single(Style().Matches(html));
        Assert.DoesNotContain("<img src=x", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<svg onload", html, StringComparison.Ordinal);
        Assert.DoesNotContain(" onmouseover=\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', html);
        Assert.DoesNotContain('\0', html);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", html, StringComparison.Ordinal);
        Assert.Contains("=cmd|&#39; /C calc&#39;!A0", html, StringComparison.Ordinal);
    }

    [Fact]
    public void ToHtml_AnyReport_LoadsNothing()
    {
        string html = HtmlReport.ToHtml(SampleReports.Hostile());

        Assert.Contains("default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("(src|href)=\"(?!data:image/jpeg;base64,|#)", html);
        Assert.DoesNotContain("http://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
    }

    [Fact]
    public void ToHtml_SameContent_IsTheSameText() => Assert.Equal(HtmlReport.ToHtml(SampleReports.Hostile()), HtmlReport.ToHtml(SampleReports.Hostile()));

    [Fact]
    public void ToHtml_EverythingThere_HasEverySection()
    {
        string html = HtmlReport.ToHtml(SampleReports.Hostile());

        foreach (string id in new[] { "warnings", "diagnosis", "curves", "classes", "confusion", "images", "calibration", "run", "skipped" })
        {
            Assert.Contains($"<section id=\"{id}\"", html, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("/data/", html, StringComparison.Ordinal);
        Assert.Contains("123 images/s", html, StringComparison.Ordinal);
    }

    [Fact]
    public void ToHtml_HeadThatWasSolved_ShowsThePathInsteadOfCurves()
    {
        string html = HtmlReport.ToHtml(new ReportContent
        {
            Title = "solved",
            Epochs = [new EpochResult(1, 2, 0.1, 0.99, 0.2, 0.9, 0)],
            BestEpoch = 1,
            IsSolved = true,
            Report = new EvaluationResult(new ConfusionMatrix(["a", "b"], new long[,] { { 9, 1 }, { 1, 1 } }), [0, 0], 2, 1, 0.5, []),
            Regularization = [new RegularizationPoint(1, 0.6, 0.8, 0.7, false), new RegularizationPoint(0.1, 0.5, 0.9, 0.85, true)],
        });

        Assert.Contains("<section id=\"head\"", html, StringComparison.Ordinal);
        Assert.Contains("1.0e-1 (chosen)", html, StringComparison.Ordinal);
        Assert.Contains("balanced accuracy", html, StringComparison.Ordinal);
        Assert.Contains("70.0 %", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<section id=\"curves\"", html, StringComparison.Ordinal);
        Assert.Contains("<section id=\"diagnosis\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("data-verdict=\"too_few_epochs\"", html, StringComparison.Ordinal);
        Assert.Contains("data-verdict=\"near_guessing\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("best epoch", html, StringComparison.Ordinal);
    }

    [Fact]
    public void ToHtml_NothingThere_StillIsAPage()
    {
        string html = HtmlReport.ToHtml(new ReportContent { Title = "empty" });

        Assert.Contains("no epoch was finished", html, StringComparison.Ordinal);
        Assert.EndsWith("</html>\n", html, StringComparison.Ordinal);
    }

    [Fact]
    public void ToHtml_ReportFromAnOldFile_HasNoCalibrationAndNoImages()
    {
        var report = new EvaluationResult(new ConfusionMatrix(["a", "b"], new long[,] { { 3, 1 }, { 0, 0 } }), [0, 0], 2, 1, 0.5, []);

        string html = HtmlReport.ToHtml(new ReportContent { Title = "old", Report = report });

        Assert.DoesNotContain("<section id=\"calibration\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<section id=\"images\"", html, StringComparison.Ordinal);
        Assert.Contains("1 class has no held-out image", html, StringComparison.Ordinal);
    }

    [Fact]
    public void ToHtml_Images_AreSmallAndUnreadableOnesHavePlaceholders()
    {
        var large = new Image(900, 300);
        large.Pixels.Fill(120);
        ImageEncoder.Save(_folder["0.jpg"], large);
        File.WriteAllText(_folder["1.jpg"], "no image");
        EvaluationResult report = SampleReports.Of(["a", "b"], 4, path: i => _folder[$"{i}.jpg"]);

        string html = HtmlReport.ToHtml(new ReportContent { Title = "images", Report = report });

        byte[] thumbnail = Convert.FromBase64String(Assert.Single(DataAddress().Matches(html)).Groups[1].Value);
        Image small = Image.Decode(thumbnail);
        Assert.Equal((160, 53), (small.Width, small.Height));
        Assert.Equal(3, Regex.Count(html, "cannot be shown"));
        Assert.DoesNotContain(_folder.Root, html, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ImageInMemory_IsShown()
    {
        ImageSample sample = ImageSample.FromBytes("upload 1", PngEncoder.Encode(new Image(320, 20)), 0);

        Thumbnail thumbnail = Thumbnail.Of(() => sample.LoadImage());

        Assert.StartsWith("data:image/jpeg;base64,", thumbnail.Data, StringComparison.Ordinal);
        Assert.Equal((160, 10), (thumbnail.Width, thumbnail.Height));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0")]
    [InlineData("/no/such/file")]
    [InlineData("/")]
    public void Of_FileThatCannotBeRead_HasAProblem(string path)
    {
        Thumbnail thumbnail = Thumbnail.Of(() => Image.Load(path));

        Assert.Null(thumbnail.Data);
        Assert.NotEmpty(thumbnail.Problem!);
    }

    [Fact]
    public void ToHtml_TwoHundredClasses_StaysSmallAndFoldsTheMatrix()
    {
        string[] names = [.. Enumerable.Range(0, 200).Select(i => $"class number {i}")];

        string html = HtmlReport.ToHtml(new ReportContent { Title = "many", Report = SampleReports.Of(names, 2000) });

        Assert.InRange(html.Length, 100_000, 2_500_000);
        Assert.True(html.IndexOf("id=\"pairs\"", StringComparison.Ordinal) < html.IndexOf("id=\"matrix\"", StringComparison.Ordinal));
        Assert.Contains("The whole matrix, 200 x 200", html, StringComparison.Ordinal);
    }

    [Fact]
    public void ToHtml_AThousandClasses_LeavesTheMatrixToTheTable()
    {
        string[] names = [.. Enumerable.Range(0, 1000).Select(i => $"class {i}")];

        string html = HtmlReport.ToHtml(new ReportContent { Title = "many", Report = SampleReports.Of(names, 3000) });

        Assert.DoesNotContain("id=\"matrix\"", html, StringComparison.Ordinal);
        Assert.Contains("The matrix of 1,000 classes is in confusion_matrix.csv", html, StringComparison.Ordinal);
        Assert.InRange(html.Length, 100_000, 2_500_000);
    }

    [Fact]
    public void ToHtml_TenThousandEpochsWithGaps_StaysSmall()
    {
        EpochResult[] epochs = SyntheticCurves.Run(10_000, 1, 0.1, SyntheticCurves.Decay(1.6, 0.1, 4), SyntheticCurves.Decay(1.6, 0.4, 4));
        epochs[50] = epochs[50] with { ValLoss = double.NaN, ValAccuracy = null };
        epochs[60] = epochs[60] with { TrainLoss = 1e300 };

        string html = HtmlReport.ToHtml(new ReportContent { Title = "long", Epochs = epochs, BestEpoch = 9_999 });

        Assert.InRange(html.Length, 50_000, 400_000);
        Assert.Contains("Values of every 34th epoch", html, StringComparison.Ordinal);
        Assert.Contains("9999 (best)", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("(points|x|y|x1|y1)=\"[^\"]*(NaN|∞|E\\+)", html);
    }

    [Fact]
    public void Write_Page_IsWritten()
    {
        HtmlReport.Write(_folder["report.html"], new ReportContent { Title = "t" });

        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(_folder["report.html"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/data/flowers", "/data/flowers/daisy/1.jpg", "daisy/1.jpg")]
    [InlineData("/data/flowers/", "/data/flowers/daisy/1.jpg", "daisy/1.jpg")]
    [InlineData("/data/flow", "/data/flowers/daisy/1.jpg", "…/flowers/daisy/1.jpg")]
    [InlineData(null, "/srv/someone/private/x/y/1.jpg", "…/x/y/1.jpg")]
    [InlineData(null, "relative/daisy/1.jpg", "relative/daisy/1.jpg")]
    [InlineData(null, "", "")]
    public void Show_Path_BeginsAtTheFolder(string? folder, string path, string expected) => Assert.Equal(expected, new ReportPaths(folder, []).Show(path));

    [Fact]
    public void Show_NoFolderGiven_BeginsAtTheCommonOne()
    {
        var paths = new ReportPaths(null, ["/srv/me/f/daisy/1.jpg", "/srv/me/f/rose/2.jpg"]);

        Assert.Equal("rose/2.jpg", paths.Show("/srv/me/f/rose/2.jpg"));
    }

    [Fact]
    public void Pairs_AllColors_CanBeRead() => Assert.All(MatrixPalette.Pairs(), pair => Assert.InRange(PlotColor.Contrast(pair.Background, pair.Text), 4.5, 21));

    [GeneratedRegex("<script", RegexOptions.IgnoreCase)]
    private static partial Regex Script();

    [GeneratedRegex("<style", RegexOptions.IgnoreCase)]
    private static partial Regex Style();

    [GeneratedRegex("src=\"data:image/jpeg;base64,([^\"]+)\"")]
    private static partial Regex DataAddress();
}
