namespace MLClassify.Reports;

/// <summary>What the result is worth and what the curves say, in words.</summary>
internal static class DiagnosisSection
{
    public static void Write(HtmlWriter html, ReportContent content)
    {
        IReadOnlyList<Verdict> verdicts = content.Verdicts;
        if (verdicts.Count == 0)
        {
            return;
        }

        HtmlPage.Section(html, "diagnosis", "Diagnosis", () =>
        {
            html.Open("ul", ("class", "verdicts"));
            html.Line();
            foreach (Verdict verdict in verdicts)
            {
                (string style, string word) = verdict.Tone switch
                {
                    VerdictTone.Good => ("good", "Good"),
                    VerdictTone.Problem => ("problem", "Problem"),
                    _ => ("hint", "Note"),
                };
                html.Open("li", ("class", style), ("data-verdict", verdict.Id));
                html.Element("span", word, ("class", "tone"));
                html.Element("p", verdict.Sentence, ("class", "sentence"));
                html.Element("p", verdict.Advice, ("class", "advice"));
                html.Close("li");
            }

            html.Close("ul");
        });
    }
}
