using MLClassify.Networks.Weights.Pickle;

namespace MLClassify.Networks.Weights.Torch;

/// <summary>
/// Reads PyTorch's weight files (<c>torch.save</c>), in the zip format and in the one before PyTorch 1.6. The pickle inside is
/// interpreted for plain data and tensors alone; nothing in it is run.
/// </summary>
internal sealed class TorchReader : IWeightFile
{
    private readonly IDisposable _resource;
    private readonly ITorchStorages _storages;
    private readonly Dictionary<string, TorchTensor> _tensors = new(StringComparer.Ordinal);

    public TorchReader(string file, object? root, ITorchStorages storages, IDisposable resource)
    {
        File = file;
        _storages = storages;
        _resource = resource;
        List<(string Name, TorchTensor Tensor)> tensors = StateDictionary.TensorsOf(root, file);
        foreach ((string name, TorchTensor tensor) in tensors)
        {
            _tensors.Add(name, tensor);
        }

        Entries = [.. tensors.Select(t => new WeightEntry(t.Name, t.Tensor.Storage.Type, t.Tensor.Dimensions))];
    }

    public string File { get; }

    public IReadOnlyList<WeightEntry> Entries { get; }

    public void Read(string name, Span<float> values)
    {
        TorchTensor tensor = _tensors.TryGetValue(name, out TorchTensor? found)
            ? found
            : throw new KeyNotFoundException($"{File} has no tensor named '{name}'.");
        long count = tensor.Dimensions.Aggregate(1L, (product, d) => product * d);
        if (values.Length != count)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Tensor '{name}' has {count} values, got room for {values.Length}."), nameof(values));
        }

        if (count > 0)
        {
            Copy(tensor, _storages.Bytes(tensor.Storage), values);
        }
    }

    public void Dispose() => _resource.Dispose();

    private static void Copy(TorchTensor tensor, byte[] bytes, Span<float> values)
    {
        int size = ElementTypes.SizeOf(tensor.Storage.Type);
        if (IsContiguous(tensor))
        {
            ElementTypes.ToSingle(tensor.Storage.Type, bytes.AsSpan((int)(tensor.Offset * size), values.Length * size), values);
            return;
        }

        // An odometer: the innermost index turns fastest, and a dimension that wraps takes its steps back.
        long[] index = new long[tensor.Dimensions.Length];
        long at = tensor.Offset;
        for (int i = 0; i < values.Length; i++)
        {
            ElementTypes.ToSingle(tensor.Storage.Type, bytes.AsSpan((int)(at * size), size), values.Slice(i, 1));
            for (int d = index.Length - 1; d >= 0; d--)
            {
                at += tensor.Strides[d];
                if (++index[d] < tensor.Dimensions[d])
                {
                    break;
                }

                at -= tensor.Strides[d] * tensor.Dimensions[d];
                index[d] = 0;
            }
        }
    }

    private static bool IsContiguous(TorchTensor tensor)
    {
        long expected = 1;
        for (int d = tensor.Dimensions.Length - 1; d >= 0; d--)
        {
            if (tensor.Dimensions[d] != 1 && tensor.Strides[d] != expected)
            {
                return false;
            }

            expected *= tensor.Dimensions[d];
        }

        return true;
    }
}
