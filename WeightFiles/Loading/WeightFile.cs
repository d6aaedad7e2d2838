using System.Buffers.Binary;
using MLClassify.Common;
using MLClassify.Common.Zip;
using MLClassify.WeightFiles.Numpy;
using MLClassify.WeightFiles.Onnx;
using MLClassify.WeightFiles.Torch;

namespace MLClassify.WeightFiles;

/// <summary>
/// Opens weight files of any known kind: safetensors, PyTorch's <c>.pth</c>, <c>.pt</c>, <c>.th</c>, old and new, NumPy's <c>.npy</c>
/// and <c>.npz</c>.
/// </summary>
public static class WeightFile
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Opens a file; its first bytes tell the kind, not its name.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="InvalidWeightsException">The content is of no known kind, or is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IWeightFile Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
        try
        {
            return Open(stream, path);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Opens a stream; its first bytes tell the kind.</summary>
    /// <param name="stream">The file, from its first byte; it must be seekable, and is closed with the result.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <exception cref="InvalidWeightsException">The content is of no known kind, or is damaged.</exception>
    public static IWeightFile Open(Stream stream, string file)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(file);
        Span<byte> start = stackalloc byte[Math.Max(LegacyFormat.MagicBytes, FileKind.Sample)];
        stream.Position = 0;
        start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        stream.Position = 0;

        // Any eight bytes can be the length of a safetensors header; no other format has its '{' next.
        return start is [_, _, _, _, _, _, _, _, (byte)'{', ..] && BinaryPrimitives.ReadUInt64LittleEndian(start) <= SafetensorsHeader.MaximumLength
            ? new SafetensorsReader(stream, file)
            : start.StartsWith("PK\x3\x4"u8) ? OpenZip(stream, file)
            : LegacyFormat.Matches(start) ? LegacyFormat.Open(stream, file)
            : start.StartsWith(NpyHeader.Magic) ? NumpyFormat.OpenArray(stream, file)
            : start is [0x80, >= 2 and <= 5, ..] ? throw Unreadable(file, "this is a pickle of Python's that torch.save has not written", InvalidWeightsReason.Content)
            : OnnxNetwork.Matches(start) ? throw Unreadable(
                file, "this is an ONNX model, which brings its own network; it is an initial model, not weights for another network", InvalidWeightsReason.ModelInsteadOfWeights)
            : FileKind.Describe(start) is { } kind && stream.Length > 0 ? throw new InvalidWeightsException(file, $"this is not safetensors, PyTorch's or NumPy's format, but {kind}")
            : new SafetensorsReader(stream, file);
    }

    private static IWeightFile OpenZip(Stream stream, string file)
    {
        ZipDirectory zip = ZipDirectory.Read(stream, InvalidWeightsException.In(file));
        return NumpyFormat.Matches(zip) ? NumpyFormat.OpenArchive(zip, stream, file)
            : ZipFormat.Matches(zip) ? ZipFormat.Open(zip, stream, file)
            : throw new InvalidWeightsException(
                file, "the zip is no PyTorch file and no NumPy file", expected: "one data.pkl, or arrays that end in .npy");
    }

    private static InvalidWeightsException Unreadable(string file, string problem, InvalidWeightsReason reason) =>
        new(file, problem, offset: 0, expected: "safetensors, PyTorch's or NumPy's format") { Reason = reason };
}
