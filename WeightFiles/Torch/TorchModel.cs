using MLClassify.Common.Pickle;
using MLClassify.WeightFiles.Numpy;

namespace MLClassify.WeightFiles.Torch;

/// <summary>What the names of PyTorch's pickles mean here: tensors as views of storages, dictionaries, and harmless data beside them.</summary>
/// <param name="file">The file, for messages.</param>
internal sealed class TorchModel(string file) : IPickleModel
{
    private const int MaximumRank = 64;

    // A view of few values far apart costs reading all between; beyond this, a small file would ask for much memory.
    private const long SparseAlways = 1 << 24;
    private const long SparseTimes = 16;

    private readonly NumpyNames _numpy = new(file);
    private readonly Dictionary<string, TorchStorage> _storages = new(StringComparer.Ordinal);

    /// <summary>Every storage that was referred to, by key.</summary>
    public IReadOnlyDictionary<string, TorchStorage> Used => _storages;

    public bool Knows(string name) => TorchNames.IsTensor(name)
        || name is TorchNames.Ordered or TorchNames.Default or TorchNames.Counter or TorchNames.Size
        || TorchNames.Storages.ContainsKey(name)
        || TorchNames.Types.ContainsKey(name)
        || TorchNames.Inert.Contains(name)
        || NumpyNames.Knows(name);

    public Exception Refuse(string? module, string? name, long offset)
    {
        string full = $"{module}.{name}";
        return TorchNames.Refusal(full) is { } refusal ? Problem(refusal, offset, found: $"'{full}'") : PickledNames.Unknown(file, full, offset);
    }

    public object? Call(PickleGlobal function, object?[] arguments, long offset) => (function.Name, arguments) switch
    {
        (TorchNames.Ordered, []) => new PickleDictionary(),
        (TorchNames.Default, _) => new PickleDictionary(),
        (TorchNames.Counter, [] or [PickleDictionary]) => new PickleDictionary(),
        (TorchNames.Size, [object?[] dimensions]) => dimensions,
        (TorchNames.Parameter or TorchNames.ParameterWithState, [TorchTensor tensor, ..]) => tensor,
        (TorchNames.FromType, [PickleGlobal { Name: not TorchNames.FromType } inner, _, object?[] parts, ..])
            when TorchNames.IsTensor(inner.Name) => Call(inner, parts, offset),
        (TorchNames.Tensor or TorchNames.Tensor2, [TorchStorage storage, long first, object?[] dimensions, object?[] strides, ..]) =>
            View(storage, storage.Type, first, Numbers(dimensions, offset), Numbers(strides, offset), offset),
        (TorchNames.Tensor3, [TorchStorage storage, long first, object?[] dimensions, object?[] strides, _, _, PickleGlobal type, ..])
            when TorchNames.Types.TryGetValue(type.Name, out ElementType element) =>
            View(storage, element, first, Numbers(dimensions, offset), Numbers(strides, offset), offset),
        _ when TorchNames.Inert.Contains(function.Name) => PickleInert.Instance,
        _ when NumpyNames.Knows(function.Name) => _numpy.Call(function, arguments, offset),
        _ => throw Problem($"{function.Name} is called with arguments that it does not take", offset),
    };

    public object Persistent(object? identifier, long offset)
    {
        if (identifier is not object?[] parts
            || parts is not ["storage", PickleGlobal type, string key, _, long count, ..]
            || !TorchNames.Storages.TryGetValue(type.Name, out ElementType element)
            || count < 0
            || count > long.MaxValue / sizeof(double)
            || (parts.Length > 5 && parts[5] is not null))
        {
            throw Problem("a storage is declared in a way that is not known", offset, "('storage', type, key, location, count)");
        }

        if (!_storages.TryGetValue(key, out TorchStorage? storage))
        {
            storage = new TorchStorage(key, element, count);
            _storages.Add(key, storage);
        }
        else if (storage.Type != element || storage.Count != count)
        {
            throw Problem($"storage '{InvalidWeightsException.Shorten(key)}' is declared twice and differently", offset);
        }

        return storage;
    }

    // State dicts carry _metadata, and arguments their values, which nothing here needs.
    public void Build(object? target, object? state, long offset)
    {
        if (target is not PickleDictionary and not PickleInert && !_numpy.TryBuild(target, state, offset))
        {
            throw Problem("the pickle gives a state to something else than a dictionary", offset);
        }
    }

    private TorchTensor View(TorchStorage storage, ElementType type, long first, long[] dimensions, long[] strides, long offset)
    {
        if (dimensions.Length != strides.Length || dimensions.Length > MaximumRank || first < 0
            || dimensions.Any(d => d < 0) || strides.Any(s => s < 0))
        {
            throw Problem(
                "a tensor's view is impossible", offset, "as many strides as dimensions, none negative", Describe(first, dimensions, strides));
        }

        if (NumpyTensor.BytesOf(dimensions, 1) is not { } count)
        {
            throw Problem("a tensor's shape is too large", offset, found: Describe(first, dimensions, strides));
        }

        // In 128 bits the sum of 64 products of 63 bits does not overflow.
        UInt128 last = (UInt128)first;
        for (int i = 0; i < dimensions.Length && count > 0; i++)
        {
            last += (UInt128)(dimensions[i] - 1) * (UInt128)strides[i];
        }

        // More values than the storage has would be an expanded view: a small file could then claim any memory.
        int size = ElementTypes.SizeOf(type);
        long room = storage.Bytes / size;
        if (count == 0 ? first > room : last >= (UInt128)room || count > room)
        {
            throw Problem(
                "a tensor's view is larger than its storage",
                offset,
                FormattableString.Invariant($"at most {room} values"),
                Describe(first, dimensions, strides));
        }

        var tensor = new TorchTensor(storage, type, first, dimensions, strides);
        long span = tensor.Span * size;
        if (!tensor.IsContiguous && (span > Array.MaxLength || (span > SparseAlways && span / SparseTimes > count * size)))
        {
            throw Problem("a tensor's values lie too far apart; in Python: tensor.contiguous().clone()", offset, found: Describe(first, dimensions, strides));
        }

        storage.Views++;
        return tensor;
    }

    private static string Describe(long first, long[] dimensions, long[] strides) => FormattableString.Invariant(
        $"shape [{string.Join(", ", dimensions.Take(MaximumRank))}], strides [{string.Join(", ", strides.Take(MaximumRank))}], offset {first}");

    private long[] Numbers(object?[] items, long offset) => items.All(i => i is long)
        ? [.. items.Cast<long>()]
        : throw Problem("a tensor's dimensions or strides are not whole numbers", offset);

    private InvalidWeightsException Problem(string problem, long offset, string? expected = null, string? found = null) =>
        new(file, problem, offset: offset, expected: expected, found: found);
}
