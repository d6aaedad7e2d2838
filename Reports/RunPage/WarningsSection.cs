using MLClassify.Evaluation;

namespace MLClassify.Reports;

/// <summary>Warnings about the figures.</summary>
internal static class WarningsSection
{
    public static void Write(HtmlWriter html, ReportContent content)
    {
        var warnings = new List<string>();
        if (content.Report is { Undefined: > 0 } sick)
        {
            warnings.Add($"{Plural.Of(sick.Undefined, "image")} got no answer: the network's output is not finite. They count as wrong.");
        }

        string[] unseen = content.Report is { } report ? [.. report.Classes.Where(c => c.Images == 0).Select(c => c.Name)] : [];
        if (unseen.Length > 0)
        {
            string names = string.Join(", ", unseen.Take(5).Select(name => DisplayText.Isolate(DisplayText.Shorten(DisplayText.Clean(name), 40))));
            warnings.Add($"{(unseen.Length == 1 ? "1 class has" : FormattableString.Invariant($"{unseen.Length} classes have"))} no held-out image, so nothing is known about {(unseen.Length == 1 ? "it" : "them")}: {names}{(unseen.Length > 5 ? ", ..." : "")}.");
        }

        string[] all = [.. content.Facts.Warnings.Concat(warnings).Distinct(StringComparer.Ordinal)];
        if (all.Length == 0)
        {
            return;
        }

        HtmlPage.Section(html, "warnings", "Warnings", () =>
        {
            html.Open("ul", ("class", "warnings"));
            html.Line();
            foreach (string warning in all)
            {
                html.Element("li", warning);
            }

            html.Close("ul");
        });
    }
}
