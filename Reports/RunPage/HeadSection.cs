using System.Globalization;

namespace MLClassify.Reports;

/// <summary>A head that was solved: how its regularization was chosen.</summary>
internal static class HeadSection
{
    public static void Write(HtmlWriter html, ReportContent content)
    {
        if (!content.IsSolved)
        {
            return;
        }

        HtmlPage.Section(html, "head", "The head", () =>
        {
            html.Element("p", "The head is one linear layer on the features of a fixed network: logistic regression, solved to its optimum. There are no epochs and no learning rate.");
            if (content.Epochs is [{ } solution])
            {
                html.Element("p", FormattableString.Invariant($"On its own training images: loss {solution.TrainLoss:0.0000}, accuracy {100 * solution.TrainAccuracy:0.0}\u00A0%. Held out: loss {solution.ValLoss:0.0000}, accuracy {100 * solution.ValAccuracy:0.0}\u00A0%."));
            }

            if (content.Regularization.Count == 0)
            {
                return;
            }

            html.Element("p", "Its regularization was chosen by cross-validation inside the training images: every image was judged by a head that had not learned from it. Of the strengths whose loss is the lowest to within its standard error, the most accurate is taken. The held-out images chose nothing, so their figures favor nothing.");
            HtmlPage.Scrolling(html, "Strengths of regularization", () => Table(html, content));
        });
    }

    /// <summary>A strength as text.</summary>
    public static string Strength(RegularizationPoint point) => point.Strength.ToString("0.0e-0", CultureInfo.InvariantCulture);

    private static void Table(HtmlWriter html, ReportContent content)
    {
        html.Open("table", ("class", "numbers"));
        html.Element("caption", "Cross-validation by strength of regularization", ("class", "hidden"));
        ReportTable.Head(html, "strength", "loss", "accuracy", "balanced accuracy");
        html.Open("tbody");
        foreach (RegularizationPoint point in content.Regularization)
        {
            html.Open("tr", ("class", point.IsChosen ? "best-row" : null));
            html.Element("th", Strength(point) + (point.IsChosen ? " (chosen)" : ""), ("scope", "row"));
            html.Element("td", point.Loss.ToString("0.0000", CultureInfo.InvariantCulture));
            html.Element("td", (100 * point.Accuracy).ToString("0.0 '%'", CultureInfo.InvariantCulture));
            html.Element("td", (100 * point.BalancedAccuracy).ToString("0.0 '%'", CultureInfo.InvariantCulture));
            html.Close("tr");
        }

        html.Close("tbody");
        html.Close("table");
    }
}
