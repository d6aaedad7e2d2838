using System.Buffers.Binary;
using MLClassify.Graphs;
using MLClassify.Networks.Weights;

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
            ["distillation"] = result.Record(),
        };
        SafetensorsWriter.Write(path, [.. result.Backbone.Parameters.Select(p => TensorOf(p, result.Parameters, half))], metadata);
    }

    private static SafetensorsTensor TensorOf(Parameter parameter, ParameterSet values, bool half)
    {
        long[] dimensions = [.. parameter.Dimensions.Select(d => (long)d)];
        return half && dimensions.Length > 1
            ? SafetensorsTensor.FromBytes(parameter.Name, ElementType.F16, dimensions, () => HalfBytes(values.Export(parameter.Name)))
            : SafetensorsTensor.FromSingles(parameter.Name, dimensions, () => values.Export(parameter.Name));
    }

    private static ReadOnlyMemory<byte> HalfBytes(float[] values)
    {
        byte[] bytes = new byte[values.Length * 2];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(2 * i), (Half)values[i]);
        }

        return bytes;
    }
}
