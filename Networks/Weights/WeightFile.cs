using MLClassify.Networks.Weights.Torch;

namespace MLClassify.Networks.Weights;

/// <summary>Opens weight files of any known kind: safetensors, and PyTorch's <c>.pth</c>, <c>.pt</c>, <c>.th</c>, old and new.</summary>
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
        Span<byte> start = stackalloc byte[LegacyFormat.MagicBytes];
        stream.Position = 0;
        start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        stream.Position = 0;
        return start.StartsWith("PK\x3\x4"u8) ? ZipFormat.Open(stream, file)
            : LegacyFormat.Matches(start) ? LegacyFormat.Open(stream, file)
            : new SafetensorsReader(stream, file);
    }
}
