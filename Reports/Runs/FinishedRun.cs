using System.Globalization;
using System.Text.Json;

namespace MLClassify.Reports;

/// <summary>A run's folder, read back: its configuration, its epochs, its figures. The files are untrusted.</summary>
public sealed class FinishedRun
{
    private const long LargestArguments = 16 << 20;
    private const int LongestValue = 200;

    private FinishedRun(string folder, IReadOnlyDictionary<string, string> settings, IReadOnlyList<EpochResult> epochs, EvaluationResult? report)
    {
        Folder = folder;
        Settings = settings;
        Epochs = epochs;
        Report = report;
    }

    /// <summary>The folder's full path.</summary>
    public string Folder { get; }

    /// <summary>
    /// The configuration by name: the options, and the data as <c>data.folder</c> and so on; without settings that no result depends on
    /// (threads).
    /// </summary>
    public IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>The epochs in ascending order; may be empty.</summary>
    public IReadOnlyList<EpochResult> Epochs { get; }

    /// <summary>The validation result of the best epoch; null for a run that has not written it yet.</summary>
    public EvaluationResult? Report { get; }

    /// <summary>The model's result on images that took no part in the run; null without.</summary>
    public EvaluationResult? Test { get; private init; }

    /// <summary>The pooled result of a cross-validation; null without.</summary>
    public EvaluationResult? CrossValidation { get; private init; }

    /// <summary>The network's name, or that of the model that training went on from.</summary>
    public string? Network => Settings.TryGetValue("from", out string? from) ? from : Settings.GetValueOrDefault("backbone");

    /// <summary>
    /// The best epoch by the figure that the run monitored, by loss among equals, the earliest among those; null without validation, and of
    /// a run without <see cref="Report"/> where the epochs' rows do not have that figure.
    /// </summary>
    public EpochResult? BestEpoch => Settings.GetValueOrDefault("monitor") switch
    {
        "loss" => Measured.OrderBy(Loss).FirstOrDefault(),
        "balanced" or "f1" => Report is { } report
            ? Measured.OrderBy(epoch => Math.Abs(epoch.ValAccuracy.GetValueOrDefault() - report.Accuracy)).ThenBy(epoch => Math.Abs(Loss(epoch) - report.Loss)).FirstOrDefault()
            : null,
        _ => Measured.OrderByDescending(epoch => epoch.ValAccuracy).ThenBy(Loss).FirstOrDefault(),
    };

    private IEnumerable<EpochResult> Measured => Epochs.Where(epoch => epoch.ValAccuracy is { } accuracy && double.IsFinite(accuracy));

    private static double Loss(EpochResult epoch) => epoch.ValLoss is { } loss && !double.IsNaN(loss) ? loss : double.PositiveInfinity;

    /// <summary>Reads a run's folder.</summary>
    /// <param name="folder">The folder, which has <c>args.json</c> and <c>results.csv</c>, and <c>metrics.json</c> once the run is over.</param>
    /// <exception cref="InvalidDataException">The folder is no run, or a file in it is damaged; the message names the file, what was found and expected.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static FinishedRun Read(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (!Directory.Exists(full))
        {
            throw new InvalidDataException($"{folder}: there is no such folder; expected a run's");
        }

        Dictionary<string, string> settings = ReadArguments(Required(full, RunFolder.Arguments));
        IReadOnlyList<EpochResult> epochs = ResultsFile.Read(Required(full, ReportFolder.Results));
        string metrics = Path.Combine(full, ReportFolder.Metrics);
        EvaluationResult? ReadIfThere(string name) => File.Exists(Path.Combine(full, name)) ? MetricsFile.Read(Path.Combine(full, name)) : null;
        return new FinishedRun(full, settings, epochs, File.Exists(metrics) ? MetricsFile.Read(metrics) : null)
        {
            Test = ReadIfThere(ReportFolder.TestMetrics),
            CrossValidation = ReadIfThere(ReportFolder.CrossValidation),
        };
    }

    private static string Required(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        return File.Exists(path) ? path : throw new InvalidDataException($"{folder} is not a run with results: it has no {name}");
    }

    private static Dictionary<string, string> ReadArguments(string path)
    {
        long length = new FileInfo(path).Length;
        if (length > LargestArguments)
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{path}: found {length} bytes, expected at most {LargestArguments}"));
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("options", out JsonElement options) || options.ValueKind != JsonValueKind.Object)
            {
                throw new InvalidDataException($"{path}: found no object 'options', expected a run's configuration");
            }

            var settings = new Dictionary<string, string>(StringComparer.Ordinal);
            Add(settings, options, "");
            if (root.TryGetProperty("data", out JsonElement data) && data.ValueKind == JsonValueKind.Object)
            {
                Add(settings, data, "data.");
            }

            return settings;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path}: {(length == 0 ? "the file is empty: the run never began" : e.Message)}", e);
        }
    }

    private static void Add(Dictionary<string, string> settings, JsonElement values, string prefix)
    {
        foreach (JsonProperty property in values.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Null || property.Name is "threads" or "loader_threads")
            {
                continue;
            }

            string text = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString() ?? "" : property.Value.GetRawText();
            bool isPath = property.Name is "folder" or "val" or "from" or "weights";
            string value = isPath ? Path.GetFileName(Path.TrimEndingDirectorySeparator(text)) : text;
            settings[prefix + property.Name] = value.Length <= LongestValue ? value : string.Concat(value.AsSpan(0, LongestValue), "...");
        }
    }
}
