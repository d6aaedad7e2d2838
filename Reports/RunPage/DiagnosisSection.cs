using MLClassify.Evaluation;

namespace MLClassify.Reports;

/// <summary>What the curves say, in words.</summary>
internal static class DiagnosisSection
{
    public static void Write(HtmlWriter html, ReportContent content)
    {
        if (!content.HasCurves)
        {
            return;
        }

        HtmlPage.Section(html, "diagnosis", "Diagnosis", () =>
        {
            html.Open("ul", ("class", "verdicts"));
            html.Line();
            foreach (CurveVerdict verdict in CurveDiagnosis.Of(content.Epochs))
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
