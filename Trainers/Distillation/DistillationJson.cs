using System.Text.Json.Serialization;

namespace MLClassify.Trainers;

/// <summary>How the record of a distillation is written: on one line, as other records are.</summary>
[JsonSerializable(typeof(DistillationRecord))]
internal sealed partial class DistillationJson : JsonSerializerContext
{
    public static DistillationJson Compact { get; } = new(OptionsJson.CreateOptions(indented: false));
}
