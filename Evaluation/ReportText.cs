using System.Globalization;
using System.Text;

namespace MLClassify.Evaluation;

/// <summary>A classification report as console text.</summary>
internal static class ReportText
{
    private const int NameWidth = 32;

    private const int LineWidth = 110;

    /// <summary>A matrix of more classes is too wide to read: its largest mistakes are listed instead.</summary>
    private const int MostMatrixClasses = 12;

    private const int MostConfusions = 10;

    public static string Format(EvaluationResult report)
    {
        var text = new StringBuilder();
        text.Append(Overall(report)).Append('\n').Append(ClassTable(report)).Append('\n');
        if (report.ConfusionMatrix.Classes <= MostMatrixClasses)
        {
            text.Append("confusion matrix\n").Append(ConfusionMatrixText.Format(report.ConfusionMatrix));
        }
        else
        {
            text.Append(Confusions(report));
        }

        return text.ToString().TrimEnd('\n');
    }

    private static string Overall(EvaluationResult report)
    {
        var text = new StringBuilder();
        Append(text, $"accuracy {DisplayText.Percent(report.Accuracy)} ({report.Correct} of {report.Images} images; 95 % interval {report.AccuracyInterval})\nbalanced {DisplayText.Percent(report.BalancedAccuracy)}");
        // With k = number of classes the figure is 100 % by definition and says nothing.
        if (report.TopK < report.Classes.Count && report.TopK > 1)
        {
            Append(text, $", top-{report.TopK} {DisplayText.Percent(report.TopKAccuracy)}");
        }

        Append(text, $", loss {Loss(report.Loss)}, macro F1 {report.MacroF1:0.000}\n");
        foreach (Verdict problem in report.Diagnosis.Where(verdict => verdict.Tone == VerdictTone.Problem))
        {
            text.Append(Wrap($"problem: {problem.Sentence} {problem.Advice}"));
        }

        if (report.Undefined > 0)
        {
            Append(text, $"{report.Undefined} {(report.Undefined == 1 ? "image has" : "images have")} no prediction: ");
            text.Append("the network's output is not finite; counted as wrong\n");
        }

        return text.ToString();
    }

    // Later lines are indented, so that one sees where the next begins.
    private static string Wrap(string sentence)
    {
        var text = new StringBuilder();
        int column = 0;
        foreach (string word in sentence.Split(' '))
        {
            int width = DisplayText.Width(word);
            if (column > 0 && column + 1 + width > LineWidth)
            {
                text.Append("\n ");
                column = 1;
            }

            text.Append(column == 0 ? "" : " ").Append(word);
            column += width + (column == 0 ? 0 : 1);
        }

        return text.Append('\n').ToString();
    }

    private static string ClassTable(EvaluationResult report)
    {
        var table = new TextTable();
        table.Row("class", "correct", "accuracy", "precision", "recall", "F1");
        foreach (ClassMetrics metrics in report.Classes)
        {
            table.Row(
                DisplayText.Shorten(DisplayText.Clean(metrics.Name), NameWidth),
                string.Create(CultureInfo.InvariantCulture, $"{metrics.Correct}/{metrics.Images}"),
                metrics.Images == 0 ? "-" : DisplayText.Percent(metrics.Accuracy),
                metrics.Predicted == 0 ? "-" : Figure(metrics.Precision),
                metrics.Images == 0 ? "-" : Figure(metrics.Recall),
                metrics.Images + metrics.Predicted == 0 ? "-" : Figure(metrics.F1));
        }

        table.Row("macro average", "", "", Figure(report.MacroPrecision), Figure(report.MacroRecall), Figure(report.MacroF1));
        return table.ToString();
    }

    private static string Confusions(EvaluationResult report)
    {
        IReadOnlyList<Confusion> confusions = report.ConfusionMatrix.MostConfused(MostConfusions);
        if (confusions.Count == 0)
        {
            return "";
        }

        var table = new TextTable();
        table.Row("most confused, true -> predicted", "images", "of class");
        foreach (Confusion confusion in confusions)
        {
            ClassMetrics truth = report.Classes[confusion.TrueLabel];
            ClassMetrics predicted = report.Classes[confusion.PredictedLabel];
            table.Row(
                $"{DisplayText.Shorten(DisplayText.Clean(truth.Name), NameWidth)} -> {DisplayText.Shorten(DisplayText.Clean(predicted.Name), NameWidth)}",
                confusion.Images.ToString(CultureInfo.InvariantCulture),
                DisplayText.Percent((double)confusion.Images / truth.Images));
        }

        return table.ToString();
    }

    private static string Loss(double loss) => double.IsNaN(loss) ? "undefined" : loss.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Figure(double share) => share.ToString("0.000", CultureInfo.InvariantCulture);

    private static void Append(StringBuilder text, FormattableString part) => text.Append(part.ToString(CultureInfo.InvariantCulture));
}
