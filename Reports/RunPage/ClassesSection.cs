namespace MLClassify.Reports;

/// <summary>Precision, recall and F1 of each class.</summary>
internal static class ClassesSection
{
    public static void Write(HtmlWriter html, ReportContent content)
    {
        if (content.Report is not { } report)
        {
            return;
        }

        IReadOnlyList<int>? train = content.Facts.TrainImagesPerClass is { } counts && counts.Count == report.Classes.Count ? counts : null;
        HtmlPage.Section(html, "classes", "Classes", () =>
        {
            html.Element("p", "Recall is the share of a class's images that were classified correctly, precision the share of the images classified as it that belong to it; F1 is their harmonic mean.");
            HtmlPage.Scrolling(html, "Figures of the classes", () => Table(html, report, train), report.Classes.Count > 25 ? "tall" : null);
        });
    }

    private static void Table(HtmlWriter html, EvaluationResult report, IReadOnlyList<int>? train)
    {
        html.Open("table", ("id", "class-table"), ("class", "numbers sortable"));
        html.Element("caption", "Recall, precision and F1 by class", ("class", "hidden"));
        string[] columns = train is null
            ? ["class", "<recall", "<precision", "<F1", "images", "correct"]
            : ["class", "<recall", "<precision", "<F1", "held out", "correct", "to learn from"];
        ReportTable.Head(html, columns);
        html.Open("tbody");
        html.Line();
        for (int label = 0; label < report.Classes.Count; label++)
        {
            ClassMetrics metrics = report.Classes[label];
            html.Open("tr");
            ReportTable.RowName(html, metrics.Name);
            ReportTable.Share(html, metrics.Images == 0 ? null : metrics.Recall);
            ReportTable.Share(html, metrics.Predicted == 0 ? null : metrics.Precision);
            ReportTable.Share(html, metrics.Images + metrics.Predicted == 0 ? null : metrics.F1);
            ReportTable.Count(html, metrics.Images);
            ReportTable.Count(html, metrics.Correct);
            if (train is not null)
            {
                ReportTable.Count(html, train[label]);
            }

            html.Close("tr");
        }

        html.Close("tbody");
        html.Close("table");
    }
}
