using System.Globalization;

namespace MLClassify.Reports;

/// <summary>What was trained on what, how, and with which command.</summary>
internal static class RunSection
{
    public static void Write(HtmlWriter html, ReportContent content)
    {
        RunFacts facts = content.Facts;
        (string Name, string Value)[] details = [.. content.Details, .. Known(facts), ("Program", $"mlclassify {Version}")];
        HtmlPage.Section(html, "run", "The run", () =>
        {
            HtmlPage.Facts(html, details);
            if (facts.CommandLine is { } command)
            {
                html.Element("h3", "Command");
                html.Open("pre", ("tabindex", "0"), ("aria-label", "Command line"));
                html.Element("code", command);
                html.Close("pre");
            }

            if (content.Options.Count > 0)
            {
                html.Open("details");
                html.Element("summary", "All options");
                HtmlPage.Facts(html, content.Options);
                html.Close("details");
            }
        });
    }

    private static string Version { get; } = typeof(RunSection).Assembly.GetName().Version?.ToString(3) ?? "0";

    private static string Describe(RunSpeed speed)
    {
        string format = speed.ImagesPerSecond < 100 ? "0.0" : "N0";
        return $"{speed.ImagesPerSecond.ToString(format, CultureInfo.InvariantCulture)} images/s";
    }

    private static IEnumerable<(string Name, string Value)> Known(RunFacts facts)
    {
        if (facts.Start is { } start)
        {
            yield return ("Started from", start);
        }

        if (facts.HeldOut is { } heldOut)
        {
            yield return ("Held out", heldOut);
        }

        foreach (RunSpeed speed in facts.Speeds)
        {
            yield return ($"Speed, {speed.Work}", Describe(speed));
        }
    }
}
