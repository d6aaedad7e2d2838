using Google.Protobuf;
using MLClassify.Common;

namespace MLClassify.WeightFiles.Onnx.Protobuf;

/// <summary>
/// Writes a model with the generated code. The same model always gives the same bytes: fields are written in the order of their numbers.
/// </summary>
internal static class ModelWriter
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Writes a file: under a temporary name, flushed, renamed. Elements of tensors are computed one tensor at a time.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="NotSupportedException">The model needs more than the 2 GiB that protocol buffers can hold; nothing was written.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, ModelProto model)
    {
        RequireSize(model);
        AtomicFile.Write(path, stream =>
        {
            using var output = new CodedOutputStream(stream, BufferBytes, leaveOpen: true);
            model.WriteTo(output);
        });
    }

    /// <summary>The error for a model that protocol buffers cannot hold.</summary>
    /// <param name="length">Its length in bytes, or less.</param>
    public static NotSupportedException TooLarge(Int128 length) => new(FormattableString.Invariant(
        $"The model is too large for one ONNX file: it needs {length} bytes or more, and protocol buffers end at {int.MaxValue}."));

    // Generated code counts in 32 bits, unchecked. The elements alone are counted in 64 first; all else is far from 2 GiB, so that a sum
    // that overflows is negative.
    private static void RequireSize(ModelProto model)
    {
        long elements = model.Graph.Initializer.Sum(t => (long)t.RawData.Length);
        long length = elements > int.MaxValue ? elements : (uint)model.CalculateSize();
        if (length > int.MaxValue)
        {
            throw TooLarge(length);
        }
    }
}
