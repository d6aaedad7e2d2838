using MLClassify.Evaluation;
using MLClassify.Imaging;

namespace MLClassify.Reports;

/// <summary>The images that say most about a network: those that it is most wrong about, and those that it is least certain of.</summary>
internal static class ImagesSection
{
    private const int ImagesEach = 12;

    public static void Write(HtmlWriter html, ReportContent content, ReportPaths paths)
    {
        if (content.Report is not { Predictions.Count: > 0 } report)
        {
            return;
        }

        EvaluatedPrediction[] wrong = [.. report.Predictions
            .Where(p => p is { IsCorrect: false, PredictedLabel: not null })
            .OrderByDescending(p => p.Probability).ThenBy(p => p.Path, StringComparer.Ordinal).Take(ImagesEach)];
        var shown = wrong.Select(p => p.Path).ToHashSet(StringComparer.Ordinal);
        EvaluatedPrediction[] uncertain = [.. report.Predictions
            .Where(p => p.PredictedLabel is not null && !shown.Contains(p.Path))
            .OrderBy(p => p.Probability).ThenBy(p => p.Path, StringComparer.Ordinal).Take(ImagesEach)];
        HtmlPage.Section(html, "images", "Images", () =>
        {
            html.Element("h3", "Most wrong");
            if (wrong.Length == 0)
            {
                html.Element("p", "Every image was recognized.");
            }
            else
            {
                Gallery(html, report, wrong, paths, "Taken for another class, with the highest confidence. Often the label is wrong, or the image shows both.");
            }

            if (uncertain.Length > 0)
            {
                html.Element("h3", "Least certain");
                Gallery(html, report, uncertain, paths, "The likeliest class has the lowest probability.");
            }
        });
    }

    private static void Gallery(HtmlWriter html, EvaluationResult report, EvaluatedPrediction[] predictions, ReportPaths paths, string note)
    {
        html.Element("p", note);
        html.Open("ul", ("class", "gallery"));
        html.Line();
        foreach (EvaluatedPrediction prediction in predictions)
        {
            html.Open("li");
            html.Open("figure");
            Image(html, report, prediction);
            Caption(html, report, prediction, paths);
            html.Close("figure");
            html.Close("li");
        }

        html.Close("ul");
    }

    private static void Image(HtmlWriter html, EvaluationResult report, EvaluatedPrediction prediction)
    {
        Thumbnail thumbnail = Thumbnail.Of(() => prediction.Sample.LoadImage());
        if (thumbnail.Data is null)
        {
            html.Element("div", "cannot be shown", ("class", "thumb missing"), ("title", thumbnail.Problem));
            return;
        }

        string alternative = $"an image of {DisplayText.Isolate(report.Classes[prediction.TrueLabel].Name)}";
        bool isSmall = Math.Max(thumbnail.Width, thumbnail.Height) < 80;
        html.Void("img", ("class", isSmall ? "thumb small" : "thumb"), ("alt", alternative), ("src", thumbnail.Data));
    }

    private static void Caption(HtmlWriter html, EvaluationResult report, EvaluatedPrediction prediction, ReportPaths paths)
    {
        html.Open("figcaption");
        html.Open("span", ("class", prediction.IsCorrect ? "right" : "wrong"));
        html.Name(report.Classes[prediction.PredictedLabel.GetValueOrDefault()].Name, 24);
        html.Text(" " + DisplayText.Percent(prediction.Probability));
        html.Close("span");
        html.Open("span", ("class", "truth"));
        html.Text(prediction.IsCorrect ? "right" : "shows ");
        if (!prediction.IsCorrect)
        {
            html.Name(report.Classes[prediction.TrueLabel].Name, 24);
        }

        html.Close("span");
        html.Open("span", ("class", "file"));
        html.Name(paths.Show(prediction.Path), 40);
        html.Close("span");
        html.Close("figcaption");
    }
}
