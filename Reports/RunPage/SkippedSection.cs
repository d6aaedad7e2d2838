using MLClassify.Evaluation;

namespace MLClassify.Reports;

/// <summary>The files that could not be used, and why.</summary>
internal static class SkippedSection
{
    private const int MostFiles = 200;

    public static void Write(HtmlWriter html, ReportContent content, ReportPaths paths)
    {
        if (content.Skipped.Count == 0)
        {
            return;
        }

        HtmlPage.Section(html, "skipped", "Skipped files", () =>
        {
            html.Element("p", $"{Plural.Of(content.Skipped.Count, "file")} took no part.");
            html.Open("details", ("open", content.Skipped.Count <= 10 ? "" : null));
            html.Element("summary", "Which, and why");
            HtmlPage.Scrolling(html, "Skipped files", () => Table(html, content, paths), "tall");
            if (content.Skipped.Count > MostFiles)
            {
                html.Element("p", FormattableString.Invariant($"The first {MostFiles}; all are in skipped.csv."), ("class", "note"));
            }

            html.Close("details");
        });
    }

    private static void Table(HtmlWriter html, ReportContent content, ReportPaths paths)
    {
        html.Open("table", ("class", "texts sortable"));
        html.Element("caption", "Files and reasons", ("class", "hidden"));
        ReportTable.Head(html, "file", "reason");
        html.Open("tbody");
        html.Line();
        foreach ((string path, string reason) in content.Skipped.Take(MostFiles))
        {
            html.Open("tr");
            ReportTable.RowName(html, paths.Show(path), 60);
            html.Element("td", DisplayText.Shorten(DisplayText.Clean(reason), 300));
            html.Close("tr");
        }

        html.Close("tbody");
        html.Close("table");
    }
}
