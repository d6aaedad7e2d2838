using System.Globalization;
using System.Text.Json;
using MLClassify.Graphs;
using MLClassify.Trainers;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Reports;

/// <summary>What <c>report.html</c> says of a run; <see cref="HtmlReport"/> writes it.</summary>
internal static class RunReport
{
    /// <summary>Gathers it.</summary>
    /// <param name="name">The run's name.</param>
    /// <param name="result">The result of the run.</param>
    /// <param name="facts">What the result does not know; nothing when null.</param>
    /// <param name="skipped">All files that took no part.</param>
    public static ReportContent Create(string name, TrainingResult result, RunFacts? facts, IReadOnlyList<(string Path, string Reason)> skipped)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(skipped);
        facts ??= new RunFacts();
        if (facts.Start is null && result.Options.Weights.Kind == WeightKind.Embedded && EmbeddedBackbone.Current.Origin is { } origin)
        {
            facts = facts with { Start = $"the embedded weights, {origin}" };
        }

        string? network = result.Options.InitialModel is { } model ? Path.GetFileName(model) : result.Options.Backbone ?? result.Model.Network.Name;
        string classes = string.Create(CultureInfo.InvariantCulture, $"{result.Model.Labels.Count} classes");
        string canceled = result.IsCanceled ? "; ended before its time" : "";
        return new ReportContent
        {
            Title = name,
            Subtitle = $"{network}, {Trained(result.Options)} trained on {classes}{canceled}",
            Report = result.Validation,
            Epochs = result.Epochs,
            BestEpoch = result.BestEpoch?.Epoch,
            IsSolved = IsSolved(result),
            Test = result.Test,
            CrossValidation = result.CrossValidation,
            Diagnosis = result.Diagnosis,
            Regularization = result.Regularization,
            Facts = facts with { Warnings = [.. facts.Warnings.Concat(result.Warnings).Distinct(StringComparer.Ordinal)] },
            Details = [.. Details(network, result, facts)],
            Options = Options(result.Options),
            Skipped = skipped,
        };
    }

    private static IEnumerable<(string Name, string Value)> Details(string? network, TrainingResult result, RunFacts facts)
    {
        Graph graph = result.Model.Graph;
        yield return ("Network", network ?? "");
        yield return ("Parameters", graph.ParameterCount.ToString("N0", CultureInfo.InvariantCulture));
        yield return ("Input", string.Create(CultureInfo.InvariantCulture, $"{graph.Input.Shape.Width} x {graph.Input.Shape.Height} pixels"));
        yield return ("Trained", Trained(result.Options));
        yield return ("Classes", result.Model.Labels.Count.ToString(CultureInfo.InvariantCulture));
        if (facts.TrainImagesPerClass is { } perClass)
        {
            yield return ("Training images", perClass.Sum(count => (long)count).ToString("N0", CultureInfo.InvariantCulture));
        }

        if (result.Validation is { } report)
        {
            yield return ("Images held out", report.Images.ToString("N0", CultureInfo.InvariantCulture));
        }

        if (!IsSolved(result))
        {
            yield return ("Epochs", string.Create(CultureInfo.InvariantCulture, $"{result.Epochs.Count} of {result.Options.Epochs ?? result.Epochs.Count}"));
            yield return ("Best epoch by", Monitored(result.Options.Monitor));
        }

        yield return ("Time", ComparisonText.Duration(result.Elapsed.TotalSeconds));
    }

    private static string Monitored(MonitoredMetric? metric) => metric switch
    {
        MonitoredMetric.Balanced => "balanced accuracy",
        MonitoredMetric.F1 => "macro F1",
        MonitoredMetric.Loss => "loss",
        _ => "accuracy",
    };

    private static bool IsSolved(TrainingResult result) => result.Options.Optimizer.Kind == OptimizerKind.Lbfgs;

    private static string Trained(FineTuneOptions options) => options.TrainableLayers == TrainableLayers.Head ? "its head" : "all of it";

    // Whatever options there are: they are written as the run's record has them.
    private static (string Name, string Value)[] Options(FineTuneOptions options)
    {
        JsonElement json = JsonSerializer.SerializeToElement(options, TrainerJson.Compact.FineTuneOptions);
        return [.. json.EnumerateObject().Where(option => option.Value.ValueKind != JsonValueKind.Null).Select(option => (option.Name, Text(option.Value)))];
    }

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : value.GetRawText();
}
