using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using MLClassify.Common;
using MLClassify.Engines;

namespace MLClassify.WeightFiles;

/// <summary>
/// Writes the safetensors format (https://github.com/huggingface/safetensors). The same tensors and metadata always give the same
/// bytes: tensors lie in the given order, metadata is sorted by key, the header is padded with spaces to eight bytes.
/// </summary>
public static class SafetensorsWriter
{
    /// <summary>Writes a file: under a temporary name, flushed, renamed. An older file stays until the new one is whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">The tensors, in the file's order.</param>
    /// <param name="metadata">The header's <c>__metadata__</c>; left out when null.</param>
    /// <exception cref="ArgumentException">Two tensors share a name, or a name cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        AtomicFile.Write(path, stream => Write(stream, tensors, metadata));
    }

    /// <summary>Writes a network's parameters, in the graph's order and under its names.</summary>
    /// <param name="path">The file.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="metadata">The header's <c>__metadata__</c>; left out when null.</param>
    /// <param name="type">The weights' type in the file, as in <see cref="TensorsOf"/>.</param>
    /// <exception cref="ArgumentException">The type is not F16, BF16, F32 or F64.</exception>
    internal static void Write(
        string path,
        ParameterStore parameters,
        IReadOnlyDictionary<string, string>? metadata = null,
        ElementType type = ElementType.F32) => Write(path, TensorsOf(parameters, type), metadata);

    /// <summary>Writes to a stream, which need not be seekable.</summary>
    /// <param name="stream">The destination.</param>
    /// <param name="tensors">The tensors, in the file's order.</param>
    /// <param name="metadata">The header's <c>__metadata__</c>; left out when null.</param>
    /// <exception cref="ArgumentException">Two tensors share a name, or a name cannot be written.</exception>
    public static void Write(Stream stream, IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        Check(tensors);
        ReadOnlySpan<byte> header = Header(tensors, metadata);
        Span<byte> length = stackalloc byte[SafetensorsHeader.LengthBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (SafetensorsTensor tensor in tensors)
        {
            tensor.WriteTo(stream);
        }
    }

    /// <summary>A network's parameters as tensors to write; each is brought into the outside world's order when its turn comes.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="type">
    /// The type in the file of filters and matrices: F16, BF16, F32 (the default) or F64. Vectors (biases, batch normalization) are a
    /// hundredth of a network and lose most by rounding; in the two short types they stay float32.
    /// </param>
    /// <exception cref="ArgumentException">The type is not one of these.</exception>
    internal static IReadOnlyList<SafetensorsTensor> TensorsOf(ParameterStore parameters, ElementType type = ElementType.F32)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return [.. parameters.Parameters.Select(parameter => SafetensorsTensor.FromSingles(
            parameter.Name,
            [.. parameter.Dimensions.Select(d => (long)d)],
            parameter.Dimensions.Count == 1 && ElementTypes.SizeOf(type) < sizeof(float) ? ElementType.F32 : type,
            () => parameters.Export(parameter.Name)))];
    }

    private static void Check(IReadOnlyList<SafetensorsTensor> tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { SafetensorsHeader.MetadataKey };
        foreach (SafetensorsTensor tensor in tensors)
        {
            if (!names.Add(tensor.Entry.Name))
            {
                throw new ArgumentException($"The name '{tensor.Entry.Name}' is reserved or used twice.", nameof(tensors));
            }
        }
    }

    private static ReadOnlySpan<byte> Header(IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();

        // Labels in any script stay readable; the header is no HTML.
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata is not null)
            {
                json.WriteStartObject(SafetensorsHeader.MetadataKey);
                foreach ((string key, string value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            WriteTensors(json, tensors);
            json.WriteEndObject();
        }

        int padding = (-buffer.WrittenCount) & (SafetensorsHeader.LengthBytes - 1);
        buffer.GetSpan(padding)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        return buffer.WrittenCount <= SafetensorsHeader.MaximumLength
            ? buffer.WrittenSpan
            : throw new ArgumentException(
                FormattableString.Invariant($"The header would have {buffer.WrittenCount} of {SafetensorsHeader.MaximumLength} bytes."),
                nameof(metadata));
    }

    private static void WriteTensors(Utf8JsonWriter json, IReadOnlyList<SafetensorsTensor> tensors)
    {
        long begin = 0;
        foreach (SafetensorsTensor tensor in tensors)
        {
            long end = checked(begin + tensor.ByteCount);
            json.WriteStartObject(tensor.Entry.Name);
            json.WriteString("dtype", ElementTypes.NameOf(tensor.Entry.Type));
            json.WriteStartArray("shape");
            foreach (long dimension in tensor.Entry.Dimensions)
            {
                json.WriteNumberValue(dimension);
            }

            json.WriteEndArray();
            json.WriteStartArray("data_offsets");
            json.WriteNumberValue(begin);
            json.WriteNumberValue(end);
            json.WriteEndArray();
            json.WriteEndObject();
            begin = end;
        }
    }
}
