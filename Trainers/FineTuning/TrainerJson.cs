using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MLClassify.Networks;

namespace MLClassify.Trainers;

/// <summary>
/// How the trainer writes JSON: names in snake_case, choices as the command line has them. Without reflection, for trimmed and
/// ahead-of-time compiled programs.
/// </summary>
[JsonSerializable(typeof(FineTuneOptions))]
[JsonSerializable(typeof(RunArguments))]
[JsonSerializable(typeof(TrainingRecord))]
[JsonSerializable(typeof(DistillationRecord))]
[JsonSerializable(typeof(TrainingCheckpoint))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class TrainerJson : JsonSerializerContext
{
    /// <summary>On one line.</summary>
    public static TrainerJson Compact { get; } = new(Create(indented: false));

    /// <summary>Indented, for human readers.</summary>
    public static TrainerJson Indented { get; } = new(Create(indented: true));

    /// <summary>On one line, with NaN and infinities as strings.</summary>
    public static TrainerJson NamedNumbers { get; } = new(new JsonSerializerOptions(Create(indented: false))
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    });

    private static JsonSerializerOptions Create(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = indented,
        NewLine = "\n",
        Converters = { Lower<HeadKind>(), Lower<TrainableLayers>(), Lower<OptimizerKind>(), Lower<ScheduleKind>(), Lower<NormalizationKind>() },
    };

    // One for each choice: the converter for all needs reflection.
    private static JsonStringEnumConverter<T> Lower<T>()
        where T : struct, Enum => new(LowerCaseNaming.Instance, allowIntegerValues: false);
}
