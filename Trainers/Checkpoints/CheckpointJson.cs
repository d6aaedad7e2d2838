using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLClassify.Trainers;

/// <summary>How a checkpoint's description is written: on one line, with the numbers that JSON has no form for as strings.</summary>
[JsonSerializable(typeof(TrainingCheckpoint))]
internal sealed partial class CheckpointJson : JsonSerializerContext
{
    public static CheckpointJson NamedNumbers { get; } = new(new JsonSerializerOptions(OptionsJson.CreateOptions(indented: false))
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    });
}
