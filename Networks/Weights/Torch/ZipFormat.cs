using System.IO.Compression;
using System.Text;
using MLClassify.Networks.Weights.Pickle;

namespace MLClassify.Networks.Weights.Torch;

/// <summary>PyTorch's format since 1.6: a zip with <c>NAME/data.pkl</c>, <c>NAME/data/KEY</c> and, since 2.1, <c>NAME/byteorder</c>.</summary>
internal static class ZipFormat
{
    // Deflate cannot do better than 1032 to 1 (RFC 1951's longest match in two bits); more is a lie.
    private const long HighestRatio = 1032;
    private const string Pickle = "/data.pkl";

    public static TorchReader Open(Stream stream, string file)
    {
        ZipArchive archive;
        Dictionary<string, ZipArchiveEntry> entries;
        try
        {
            archive = new ZipArchive(stream, ZipArchiveMode.Read);
            entries = Index(archive, file);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or ArgumentException or NotSupportedException)
        {
            throw new InvalidWeightsException(file, "the zip directory is damaged", innerException: e);
        }

        string[] pickles = [.. entries.Keys.Where(n => n.EndsWith(Pickle, StringComparison.Ordinal))];
        if (pickles is not [string pickle])
        {
            throw new InvalidWeightsException(
                file, "the zip is no PyTorch file", expected: "one data.pkl", found: FormattableString.Invariant($"{pickles.Length}"));
        }

        string folder = pickle[..^Pickle.Length];
        if (entries.TryGetValue(folder + "/byteorder", out ZipArchiveEntry? order)
            && Encoding.ASCII.GetString(ReadWhole(order, stream.Length, file)) is not "little" and var found)
        {
            throw new InvalidWeightsException(file, "the byte order is not supported", expected: "little", found: found);
        }

        var model = new TorchModel(file);
        object? root = PickleMachine.Read(new PickleCursor(new MemoryStream(ReadWhole(entries[pickle], stream.Length, file)), file), model);
        var storages = new Dictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
        foreach (TorchStorage storage in model.Used.Values)
        {
            storages.Add(storage.Key, Checked(storage, entries.GetValueOrDefault($"{folder}/data/{storage.Key}"), stream.Length, file));
        }

        return new TorchReader(file, root, new ZipStorages(file, storages), archive);
    }

    private static Dictionary<string, ZipArchiveEntry> Index(ZipArchive archive, string file)
    {
        var entries = new Dictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            if (!entries.TryAdd(entry.FullName, entry))
            {
                throw new InvalidWeightsException(file, $"the zip has two entries '{InvalidWeightsException.Shorten(entry.FullName)}'");
            }
        }

        return entries;
    }

    private static ZipArchiveEntry Checked(TorchStorage storage, ZipArchiveEntry? entry, long fileLength, string file)
    {
        int size = ElementTypes.SizeOf(storage.Type);
        if (entry is null || entry.Length % size != 0 || entry.Length / size != storage.Count || !IsHonest(entry, fileLength))
        {
            throw new InvalidWeightsException(
                file,
                $"storage '{InvalidWeightsException.Shorten(storage.Key)}' is absent or has a wrong length",
                expected: FormattableString.Invariant($"{storage.Count} values of {size} bytes"),
                found: entry is null ? "none" : FormattableString.Invariant($"{entry.Length} bytes"));
        }

        return entry;
    }

    private static byte[] ReadWhole(ZipArchiveEntry entry, long fileLength, string file) => IsHonest(entry, fileLength)
        ? ZipEntry.Read(entry, file, (int)entry.Length)
        : throw new InvalidWeightsException(
            file,
            $"the zip entry '{InvalidWeightsException.Shorten(entry.FullName)}' claims an impossible length",
            found: FormattableString.Invariant($"{entry.Length} bytes"));

    private static bool IsHonest(ZipArchiveEntry entry, long fileLength) => entry.CompressedLength >= 0
        && entry.CompressedLength <= fileLength
        && entry.Length >= 0
        && entry.Length <= Array.MaxLength
        && entry.Length / HighestRatio <= entry.CompressedLength;
}
