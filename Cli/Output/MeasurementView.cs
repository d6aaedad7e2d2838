using System.Globalization;

namespace MLClassify.Cli.Output;

/// <summary>Shows several models' figures, a line each, and which is the best.</summary>
/// <param name="context">Where to write.</param>
/// <param name="isJson">Whether results are written as JSON.</param>
/// <param name="names">The models' names, each different from the others'.</param>
internal sealed class MeasurementView(CliContext context, bool isJson, IReadOnlyList<string> names)
{
    private readonly int _width = names.Max(name => name.Length);
    private int? _best;
    private EvaluationResult? _bestReport;
    private int _measured;
    private List<int> _equal = [];

    public IReadOnlyList<string> Names { get; } = names;

    /// <summary>Models that could not be measured.</summary>
    public int Failures { get; private set; }

    /// <summary>A model was measured.</summary>
    public void Done(int index, string path, EvaluationResult report)
    {
        _measured++;
        if (_bestReport is null || IsBetter(report, _bestReport))
        {
            bool isEqual = _bestReport?.Correct == report.Correct && _best is not null;
            _equal = isEqual ? [.. _equal, _best!.Value] : [];
            (_best, _bestReport) = (index, report);
        }
        else if (_bestReport.Correct == report.Correct)
        {
            _equal.Add(index);
        }

        if (isJson)
        {
            JsonLine.Write(context.Output, new
            {
                Model = path,
                Name = Names[index],
                report.Accuracy,
                AccuracyLow = report.AccuracyInterval.Low,
                AccuracyHigh = report.AccuracyInterval.High,
                report.TopK,
                report.TopKAccuracy,
                report.Loss,
                report.BalancedAccuracy,
                report.MacroF1,
                CalibrationError = report.Calibration?.ExpectedError,
                report.Images,
                Skipped = report.Skipped.Count,
                Error = (string?)null,
            });
            return;
        }

        string loss = double.IsNaN(report.Loss) ? "undefined" : report.Loss.ToString("0.0000", CultureInfo.InvariantCulture);
        string calibration = report.Calibration is { } known ? $"  calibration error {ProgressLine.Share(known.ExpectedError)}" : "";
        context.Output.WriteLine(DisplayLine.Clean(FormattableString.Invariant(
            $"{Names[index].PadRight(_width)}  accuracy {ProgressLine.Share(report.Accuracy)} ({report.Correct}/{report.Images}, 95 % interval {report.AccuracyInterval})  balanced {ProgressLine.Share(report.BalancedAccuracy)}  loss {loss}  macro F1 {report.MacroF1:0.000}{calibration}")));
        context.Output.Flush();
    }

    /// <summary>A model could not be measured.</summary>
    public void Failed(int index, string path, Exception exception, bool isVerbose)
    {
        Failures++;
        string problem = ErrorReport.Describe(exception);
        context.Error.WriteLine($"error: {DisplayLine.Clean(problem.Contains(path, StringComparison.Ordinal) ? problem : $"{path}: {problem}")}");
        if (isVerbose)
        {
            context.Error.WriteLine(exception.ToString());
        }

        if (isJson)
        {
            JsonLine.Write(context.Output, new { Model = path, Name = Names[index], Error = problem });
        }
    }

    /// <summary>All models were looked at.</summary>
    public void End()
    {
        if (!isJson && _best is { } best && _bestReport is { } report)
        {
            string equal = _equal.Count > 0 ? $"; {string.Join(", ", _equal.Select(index => Names[index]))} recognized as many" : "";
            string seen = report.TrainedOn > 0 ? FormattableString.Invariant($"; it was trained on {report.TrainedOn} of the {report.Images} images, which makes its figure worthless") : "";
            string luck = _measured > 1 && seen.Length == 0 ? FormattableString.Invariant($"; the best of {_measured}, by the same images, is in part the luckiest") : "";
            context.Output.WriteLine(DisplayLine.Clean($"best: {Names[best]}, {ProgressLine.Share(report.Accuracy)} (95 % interval {report.AccuracyInterval}){equal}{seen}{luck}"));
        }
    }

    private static bool IsBetter(EvaluationResult candidate, EvaluationResult best) =>
        (candidate.TrainedOn > 0) != (best.TrainedOn > 0) ? best.TrainedOn > 0 : candidate.Accuracy != best.Accuracy ? candidate.Accuracy > best.Accuracy : candidate.Loss < best.Loss;
}
