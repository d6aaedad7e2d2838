using MLClassify.Common;

namespace MLClassify.Reports;

/// <summary>
/// <c>report.html</c>: all that is known of a run or an evaluation on one page that needs nothing else, neither network nor script, and can
/// be passed on: images are embedded as thumbnails, and paths are shown from the images' folder on.
/// </summary>
/// <remarks>
/// Class names, paths and reasons come from files that anyone may have named: they are encoded wherever they stand, and the page's content
/// security policy lets nothing run but the page's own script.
/// </remarks>
public static class HtmlReport
{
    /// <summary>Writes the page to a file.</summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <param name="content">What it shows.</param>
    /// <exception cref="IOException">The file cannot be written; what was there before is untouched.</exception>
    public static void Write(string path, ReportContent content) => AtomicFile.WriteAllText(path, ToHtml(content));

    /// <summary>The page as text. Reads the images that it shows; one that cannot be read has a placeholder.</summary>
    /// <param name="content">What it shows.</param>
    public static string ToHtml(ReportContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        var paths = new ReportPaths(content.Facts.DataFolder, content.Report?.Predictions.Select(prediction => prediction.Path) ?? []);
        return HtmlPage.Create(content.Title, html =>
        {
            html.Element("a", "Skip to the report", ("class", "skip"), ("href", "#main"));
            html.Open("header");
            html.Open("h1");
            html.Name(content.Title, 80);
            html.Close("h1");
            if (content.Subtitle is { } subtitle)
            {
                html.Element("p", subtitle, ("class", "subtitle"));
            }

            Contents(html, content);
            html.Close("header");
            html.Open("main", ("id", "main"));
            html.Line();
            SummarySection.Write(html, content);
            WarningsSection.Write(html, content);
            DiagnosisSection.Write(html, content);
            CurvesSection.Write(html, content);
            HeadSection.Write(html, content);
            ClassesSection.Write(html, content);
            ConfusionSection.Write(html, content);
            ImagesSection.Write(html, content, paths);
            CalibrationSection.Write(html, content);
            RunSection.Write(html, content);
            SkippedSection.Write(html, content, paths);
            html.Close("main");
        });
    }

    private static void Contents(HtmlWriter html, ReportContent content)
    {
        (string Id, string Name, bool IsThere)[] entries =
        [
            ("diagnosis", "Diagnosis", content.Verdicts.Count > 0),
            ("curves", "Curves", content.HasCurves),
            ("head", "The head", content.IsSolved),
            ("classes", "Classes", content.Report is not null),
            ("confusion", "Confusion", content.Report is not null),
            ("images", "Images", content.Report is { Predictions.Count: > 0 }),
            ("calibration", "Calibration", content.Report?.Calibration is { Images: > 0 }),
            ("run", "The run", true),
            ("skipped", "Skipped files", content.Skipped.Count > 0),
        ];
        html.Open("nav", ("aria-label", "Contents"));
        foreach ((string id, string name, bool isThere) in entries)
        {
            if (isThere)
            {
                html.Element("a", name, ("href", "#" + id));
            }
        }

        html.Close("nav");
    }
}
