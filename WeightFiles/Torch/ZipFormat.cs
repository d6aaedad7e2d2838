using System.Text;
using MLClassify.Common.Pickle;
using MLClassify.Common.Zip;

namespace MLClassify.WeightFiles.Torch;

/// <summary>PyTorch's format since 1.6: a zip with <c>NAME/data.pkl</c>, <c>NAME/data/KEY</c> and, since 2.1, <c>NAME/byteorder</c>.</summary>
internal static class ZipFormat
{
    private const string Pickle = "/data.pkl";

    // What deflated storages that many tensors share may cost to inflate again for each of them.
    private const long InflatedAlways = 1 << 26;
    private const long InflatedTimes = 8;

    /// <summary>Whether a zip is one of PyTorch's.</summary>
    /// <param name="zip">The zip's directory.</param>
    public static bool Matches(ZipDirectory zip) => zip.Items.Keys.Any(IsPickle);

    /// <summary>Opens a file.</summary>
    /// <param name="zip">The zip's directory.</param>
    /// <param name="stream">The file.</param>
    /// <param name="file">The file, for messages.</param>
    public static TorchReader Open(ZipDirectory zip, Stream stream, string file)
    {
        string[] pickles = [.. zip.Items.Keys.Where(IsPickle)];
        if (pickles is not [string pickle])
        {
            throw new InvalidWeightsException(
                file, "the zip is no PyTorch file", expected: "one data.pkl", found: FormattableString.Invariant($"{pickles.Length}"));
        }

        string folder = pickle[..^Pickle.Length];
        if (zip.Items.ContainsKey(folder + "/constants.pkl"))
        {
            throw new InvalidWeightsException(
                file, "this is a TorchScript archive, a program; in Python: torch.save(torch.jit.load(PATH).state_dict(), NEW_PATH)", expected: "a state dict");
        }

        var bytes = new ZipBytes(stream, InvalidWeightsException.In(file));
        bool isBigEndian = IsBigEndian(zip, bytes, folder, file);
        byte[] data = ZipPickle.Read(bytes, zip.Items[pickle], stream.Length, InvalidWeightsException.In(file));
        var model = new TorchModel(file);
        object? root = PickleMachine.Read(new PickleCursor(new MemoryStream(data), InvalidWeightsException.In(file)), model);
        var items = new Dictionary<string, ZipItem>(StringComparer.Ordinal);
        foreach (TorchStorage storage in model.Used.Values)
        {
            items.Add(storage.Key, Checked(storage, zip.Items.GetValueOrDefault($"{folder}/data/{storage.Key}"), file));
        }

        RequireFewInflations(model, items, file);
        return new TorchReader(file, root, new ZipStorages(bytes, items), stream, isBigEndian);
    }

    private static bool IsPickle(string name) => name.EndsWith(Pickle, StringComparison.Ordinal);

    private static bool IsBigEndian(ZipDirectory zip, ZipBytes bytes, string folder, string file)
    {
        if (!zip.Items.TryGetValue(folder + "/byteorder", out ZipItem? order))
        {
            return false;
        }

        string found = order.Length <= 16 ? Encoding.ASCII.GetString(bytes.Read(order)) : "more";
        return found switch
        {
            "little" => false,
            "big" => true,
            _ => throw new InvalidWeightsException(file, "the byte order is not known", expected: "little or big", found: found),
        };
    }

    private static ZipItem Checked(TorchStorage storage, ZipItem? item, string file) => item is not null && item.Length == storage.Bytes
        ? item
        : throw new InvalidWeightsException(
            file,
            $"storage '{InvalidWeightsException.Shorten(storage.Key)}' is absent or has a wrong length",
            expected: FormattableString.Invariant($"{storage.Count} values of {ElementTypes.SizeOf(storage.Type)} bytes"),
            found: item is null ? "none" : FormattableString.Invariant($"{item.Length} bytes"));

    // torch.save deflates nothing. Who does must not make a small file cost hours: a tensor in a deflated storage costs inflating it.
    private static void RequireFewInflations(TorchModel model, Dictionary<string, ZipItem> items, string file)
    {
        Int128 once = 0;
        Int128 all = 0;
        foreach (TorchStorage storage in model.Used.Values.Where(s => items[s.Key].IsDeflated))
        {
            once += storage.Bytes;
            all += (Int128)storage.Bytes * storage.Views;
        }

        if (all > InflatedAlways + (InflatedTimes * once))
        {
            throw new InvalidWeightsException(file, "many tensors share few compressed storages; save the file without compression");
        }
    }
}
