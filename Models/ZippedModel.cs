using System.IO.Compression;

namespace MLClassify.Models;

/// <summary>
/// The model file inside an archive that ML.NET wrote: its models are ZIP files, in which an image classifier of the package MLClassify.MLNet lies
/// as <c>Model.safetensors</c>.
/// </summary>
internal static class ZippedModel
{
    private const string EntryName = "Model.safetensors";

    /// <summary>Whether a file begins as an archive does.</summary>
    public static bool Matches(ReadOnlySpan<byte> start) => start.StartsWith("PK\x03\x04"u8);

    /// <summary>Reads the model out of an archive.</summary>
    /// <param name="stream">The archive; it must be seekable.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <exception cref="InvalidWeightsException">There is no model in it, or there are several, or it is damaged.</exception>
    public static MemoryStream Read(Stream stream, string path)
    {
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            ZipArchiveEntry[] models = [.. archive.Entries.Where(entry => entry.Name == EntryName)];
            if (models.Length != 1)
            {
                throw new InvalidWeightsException(
                    path,
                    "this is a zip archive, not a model file",
                    expected: "a model that training saved, an ONNX file, or an ML.NET model with one image classifier in it",
                    found: models.Length == 0 ? "no image classifier" : FormattableString.Invariant($"{models.Length} image classifiers"));
            }

            // Weights hardly shrink: what unpacks to far more than the archive is none.
            long most = (8 * stream.Length) + (1 << 20);
            if (models[0].Length > Math.Min(most, Array.MaxLength))
            {
                throw new InvalidWeightsException(path, FormattableString.Invariant($"its '{EntryName}' claims {models[0].Length} bytes, in an archive of {stream.Length}"));
            }

            byte[] content = new byte[models[0].Length];
            using Stream entry = models[0].Open();
            entry.ReadExactly(content);
            return Matches(content)
                ? throw new InvalidWeightsException(path, $"its '{EntryName}' is an archive, too")
                : new MemoryStream(content, writable: false);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new InvalidWeightsException(path, $"this is a zip archive, not a model file, and it is damaged: {e.Message.TrimEnd('.')}", innerException: e);
        }
    }
}
