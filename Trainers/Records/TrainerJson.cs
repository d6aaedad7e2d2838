using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLClassify.Trainers;

/// <summary>How the trainer writes JSON, see <see cref="OptionsJson.CreateOptions"/>.</summary>
[JsonSerializable(typeof(FineTuneOptions))]
[JsonSerializable(typeof(TrainingRecord))]
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
    public static TrainerJson Compact { get; } = new(OptionsJson.CreateOptions(indented: false));

    /// <summary>Indented, for human readers.</summary>
    public static TrainerJson Indented { get; } = new(OptionsJson.CreateOptions(indented: true));
}
