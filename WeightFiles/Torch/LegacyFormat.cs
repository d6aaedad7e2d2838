using MLClassify.Common.Pickle;

namespace MLClassify.WeightFiles.Torch;

/// <summary>PyTorch's format before 1.6: five pickles (magic, protocol, system, object, storage keys), then the storages.</summary>
internal static class LegacyFormat
{
    private const long Protocol = 1001;

    // LONG1 of ten bytes, 0x1950a86a20f9469cfc6c, and STOP; a PROTO opcode and its number come before.
    private static ReadOnlySpan<byte> Magic => [0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E];

    public const int MagicBytes = 15;

    public static bool Matches(ReadOnlySpan<byte> start) => start.Length >= MagicBytes && start[0] == 0x80 && start[2..MagicBytes].SequenceEqual(Magic);

    public static TorchReader Open(Stream stream, string file)
    {
        var cursor = new PickleCursor(stream, InvalidWeightsException.In(file));
        var model = new TorchModel(file);
        stream.Position = MagicBytes;
        if (PickleMachine.Read(cursor, model) is not Protocol)
        {
            throw cursor.Problem("the file's protocol is not known", "1001");
        }

        // What the machine was that wrote the file; values are little-endian whatever it says (THPStorage_writeFileRaw).
        PickleMachine.Read(cursor, model);
        object? root = PickleMachine.Read(cursor, model);
        List<object?> keys = PickleMachine.Read(cursor, model) as List<object?> ?? throw cursor.Problem("the storages' keys are missing", "a list");
        var places = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (object? key in keys)
        {
            TorchStorage storage = key is string name && model.Used.TryGetValue(name, out TorchStorage? used) && !places.ContainsKey(name)
                ? used
                : throw cursor.Problem("a storage's key was not declared, or occurs twice");
            places.Add(storage.Key, Place(cursor, storage));
        }

        if (model.Used.Keys.FirstOrDefault(k => !places.ContainsKey(k)) is { } absent)
        {
            throw cursor.Problem($"storage '{InvalidWeightsException.Shorten(absent)}' is absent");
        }

        return new TorchReader(file, root, new LegacyStorages(stream, places), stream, isBigEndian: false);
    }

    private static long Place(PickleCursor cursor, TorchStorage storage)
    {
        long claimed = cursor.Integer(sizeof(long));
        return claimed == storage.Count
            ? cursor.Bytes(storage.Bytes).Offset
            : throw cursor.Problem(
                $"storage '{InvalidWeightsException.Shorten(storage.Key)}' has a wrong length",
                FormattableString.Invariant($"{storage.Count} values"),
                FormattableString.Invariant($"{claimed}"));
    }
}
