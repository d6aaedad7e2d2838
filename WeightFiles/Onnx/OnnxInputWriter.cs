using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.WeightFiles.Onnx;

/// <summary>Writes the nodes between an ONNX file's input and the network's: layout, order of channels, normalization.</summary>
internal static class OnnxInputWriter
{
    private const string Prefix = "preprocessing";

    /// <summary>Writes them.</summary>
    /// <param name="writer">The destination.</param>
    /// <param name="shape">The network's input.</param>
    /// <param name="options">What the file's input is like.</param>
    /// <param name="input">The normalization, or null.</param>
    /// <returns>The network's input, <c>[N, C, H, W]</c>.</returns>
    public static string Write(OnnxGraphWriter writer, Shape shape, OnnxExportOptions options, OnnxInput? input)
    {
        string value = writer.InputName;
        if (options.Layout == OnnxLayout.Nhwc)
        {
            value = writer.EmitNamed($"{Prefix}.transpose", "Transpose", [value], new OnnxAttribute("perm", [0, 3, 1, 2]));
        }

        if (input is null || options.Range == OnnxRange.Normalized)
        {
            return value;
        }

        if (input.IsReversed)
        {
            long[] order = [.. Enumerable.Range(0, shape.Channels).Reverse().Select(i => (long)i)];
            string channels = writer.AddIntegers($"{Prefix}.channels", order);
            value = writer.EmitNamed($"{Prefix}.reverse", "Gather", [value, channels], new OnnxAttribute("axis", 1));
        }

        // Everything is multiplied in double and rounded once.
        double range = options.Range == OnnxRange.Unit ? 255 : 1;
        int[] dimensions = [1, shape.Channels, 1, 1];
        string factors = writer.AddSingles($"{Prefix}.factors", dimensions, [.. input.Factors.Select(f => (float)(f * range))]);
        string offsets = writer.AddSingles($"{Prefix}.offsets", dimensions, [.. input.Offsets.Select(o => (float)o)]);
        value = writer.EmitNamed($"{Prefix}.scale", "Mul", [value, factors]);
        return writer.EmitNamed($"{Prefix}.shift", "Add", [value, offsets]);
    }
}
