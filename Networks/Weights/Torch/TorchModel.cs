using MLClassify.Networks.Weights.Pickle;

namespace MLClassify.Networks.Weights.Torch;

/// <summary>The names that PyTorch's state dicts use, and what they mean here.</summary>
/// <param name="file">The file, for messages.</param>
internal sealed class TorchModel(string file) : IPickleModel
{
    private const int MaximumRank = 64;
    private const string Tensor = "torch._utils._rebuild_tensor";
    private const string Tensor2 = "torch._utils._rebuild_tensor_v2";
    private const string Parameter = "torch._utils._rebuild_parameter";
    private const string Ordered = "collections.OrderedDict";
    private const string Size = "torch.Size";

    private static readonly Dictionary<string, ElementType> Storages = new(StringComparer.Ordinal)
    {
        ["torch.FloatStorage"] = ElementType.F32,
        ["torch.DoubleStorage"] = ElementType.F64,
        ["torch.HalfStorage"] = ElementType.F16,
        ["torch.BFloat16Storage"] = ElementType.BF16,
        ["torch.LongStorage"] = ElementType.I64,
        ["torch.IntStorage"] = ElementType.I32,
        ["torch.ShortStorage"] = ElementType.I16,
        ["torch.CharStorage"] = ElementType.I8,
        ["torch.ByteStorage"] = ElementType.U8,
        ["torch.BoolStorage"] = ElementType.Bool,
    };

    private readonly Dictionary<string, TorchStorage> _storages = new(StringComparer.Ordinal);

    /// <summary>Every storage that was referred to, by key.</summary>
    public IReadOnlyDictionary<string, TorchStorage> Used => _storages;

    public bool Knows(string name) => name is Tensor or Tensor2 or Parameter or Ordered or Size || Storages.ContainsKey(name);

    public object? Call(PickleGlobal function, object?[] arguments, long offset) => (function.Name, arguments) switch
    {
        (Ordered, []) => new PickleDictionary(),
        (Size, [object?[] dimensions]) => dimensions,
        (Parameter, [TorchTensor tensor, ..]) => tensor,
        (Tensor or Tensor2, [TorchStorage storage, long first, object?[] dimensions, object?[] strides, ..]) =>
            View(storage, first, Numbers(dimensions, offset), Numbers(strides, offset), offset),
        _ => throw Problem($"{function.Name} is called with arguments that it does not take", offset),
    };

    public object Persistent(object? identifier, long offset)
    {
        if (identifier is not object?[] and not null
            || identifier is not object?[] { Length: >= 5 } parts
            || parts is not ["storage", PickleGlobal type, string key, _, long count, ..]
            || !Storages.TryGetValue(type.Name, out ElementType element)
            || count < 0
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

    // State dicts carry _metadata, which nothing here needs.
    public void Build(object? target, object? state, long offset)
    {
        if (target is not PickleDictionary)
        {
            throw Problem("the pickle gives a state to something else than a dictionary", offset);
        }
    }

    private TorchTensor View(TorchStorage storage, long first, long[] dimensions, long[] strides, long offset)
    {
        string view = FormattableString.Invariant(
            $"shape [{string.Join(", ", dimensions)}], strides [{string.Join(", ", strides)}], offset {first}");
        if (dimensions.Length != strides.Length || dimensions.Length > MaximumRank || first < 0
            || dimensions.Any(d => d < 0) || strides.Any(s => s < 0))
        {
            throw Problem("a tensor's view is impossible", offset, "as many strides as dimensions, none negative", view);
        }

        // In 128 bits nothing overflows that a sum of 64 products of 63 bits can reach; the count is bounded step by step.
        bool empty = dimensions.Contains(0);
        if (empty && dimensions.Sum(d => Math.Log2(Math.Max(d, 1))) >= 62)
        {
            throw Problem("a tensor's shape is too large", offset, found: view);
        }

        UInt128 last = (UInt128)first;
        UInt128 count = 1;
        for (int i = 0; i < dimensions.Length && !empty; i++)
        {
            last += (UInt128)(dimensions[i] - 1) * (UInt128)strides[i];
            count *= (UInt128)dimensions[i];
            if (last >= (UInt128)storage.Count || count > (UInt128)storage.Count)
            {
                break;
            }
        }

        // More values than the storage has would be an expanded view: a small file could then claim any memory.
        if (empty ? first > storage.Count : last >= (UInt128)storage.Count || count > (UInt128)storage.Count)
        {
            throw Problem(
                "a tensor's view is larger than its storage", offset, FormattableString.Invariant($"at most {storage.Count} values"), view);
        }

        return new TorchTensor(storage, first, dimensions, strides);
    }

    private long[] Numbers(object?[] items, long offset) => items.All(i => i is long)
        ? [.. items.Cast<long>()]
        : throw Problem("a tensor's dimensions or strides are not whole numbers", offset);

    private InvalidWeightsException Problem(string problem, long offset, string? expected = null, string? found = null) =>
        new(file, problem, offset: offset, expected: expected, found: found);
}
