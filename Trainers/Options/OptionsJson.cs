using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MLClassify.Networks;

namespace MLClassify.Trainers;

/// <summary>
/// How options are written as JSON: names in snake_case, choices as the command line has them. Without reflection, for trimmed and
/// ahead-of-time compiled programs.
/// </summary>
[JsonSerializable(typeof(FineTuneOptionsContent))]
internal sealed partial class OptionsJson : JsonSerializerContext
{
    /// <summary>On one line.</summary>
    public static OptionsJson Compact { get; } = new(CreateOptions(indented: false));

    /// <summary>The names and choices as every file of the trainer has them, for contexts of other types.</summary>
    public static JsonSerializerOptions CreateOptions(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = indented,
        NewLine = "\n",
        Converters = { Lower<HeadKind>(), Lower<TrainableLayers>(), Lower<OptimizerKind>(), Lower<ScheduleKind>(), Lower<NormalizationKind>(), Lower<ImageFit>(), Lower<MonitoredMetric>(), Lower<Mirroring>() },
    };

    // One for each choice: the converter for all needs reflection.
    private static JsonStringEnumConverter<T> Lower<T>()
        where T : struct, Enum => new(LowerCaseNaming.Instance, allowIntegerValues: false);
}
