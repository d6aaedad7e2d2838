using MLClassify.WeightFiles;

namespace MLClassify.Trainers;

/// <summary>A backbone's weights as safetensors, with what a user of them must know as metadata.</summary>
internal static class BackboneFile
{
    public static void Write(string path, DistillationResult result, bool half)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["backbone"] = result.Backbone.Name,
            ["preprocessing"] = result.Preprocessing.ToJson(),
            ["distillation"] = DistillationRecord.Create(result),
        };

        // The layer that predicts the teachers' features is thrown away.
        HashSet<string> backbone = result.Backbone.Parameters.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        IReadOnlyList<SafetensorsTensor> tensors = SafetensorsWriter.TensorsOf(result.Parameters, half ? ElementType.F16 : ElementType.F32);
        SafetensorsWriter.Write(path, [.. tensors.Where(t => backbone.Contains(t.Entry.Name))], metadata);
    }
}
