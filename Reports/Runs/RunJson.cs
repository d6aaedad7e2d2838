using System.Text.Json;
using System.Text.Json.Serialization;
using MLClassify.Trainers;

namespace MLClassify.Reports;

/// <summary>How <c>args.json</c> is read and written: as the trainer's options are. Without reflection, for trimmed and ahead-of-time compiled programs.</summary>
[JsonSerializable(typeof(RunArguments))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class RunJson : JsonSerializerContext
{
    /// <summary>On one line.</summary>
    public static RunJson Compact { get; } = new(OptionsJson.CreateOptions(indented: false));

    /// <summary>Indented, for human readers.</summary>
    public static RunJson Indented { get; } = new(OptionsJson.CreateOptions(indented: true));
}
