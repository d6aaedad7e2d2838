using System.IO.Compression;

namespace MLClassify.Networks.Weights.Torch;

/// <summary>Where a file's storages lie.</summary>
internal interface ITorchStorages
{
    /// <summary>A storage's bytes from a place on, of which the caller reads no more than were checked when the file was opened.</summary>
    byte[] Bytes(TorchStorage storage);
}

/// <summary>Storages in the older format: one after the other, at known places.</summary>
internal sealed class LegacyStorages(Stream stream, string file, IReadOnlyDictionary<string, long> places) : ITorchStorages
{
    public byte[] Bytes(TorchStorage storage)
    {
        byte[] bytes = new byte[storage.Count * ElementTypes.SizeOf(storage.Type)];
        stream.Position = places[storage.Key];
        return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length
            ? bytes
            : throw new InvalidWeightsException(file, "the file ends too early", offset: places[storage.Key]);
    }
}

/// <summary>Storages in the zip format: an entry each.</summary>
internal sealed class ZipStorages(string file, IReadOnlyDictionary<string, ZipArchiveEntry> entries) : ITorchStorages
{
    public byte[] Bytes(TorchStorage storage) =>
        ZipEntry.Read(entries[storage.Key], file, (int)(storage.Count * ElementTypes.SizeOf(storage.Type)));
}

/// <summary>Reads a zip's entry whose length was checked.</summary>
internal static class ZipEntry
{
    public static byte[] Read(ZipArchiveEntry entry, string file, int length)
    {
        byte[] bytes = new byte[length];
        try
        {
            using Stream stream = entry.Open();
            if (stream.ReadAtLeast(bytes, length, throwOnEndOfStream: false) == length && stream.ReadByte() < 0)
            {
                return bytes;
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException)
        {
            throw Problem(entry, file, length, e);
        }

        throw Problem(entry, file, length, null);
    }

    private static InvalidWeightsException Problem(ZipArchiveEntry entry, string file, int length, Exception? cause) => new(
        file,
        $"the zip entry '{InvalidWeightsException.Shorten(entry.FullName)}' is damaged",
        expected: FormattableString.Invariant($"{length} bytes"),
        innerException: cause);
}
