namespace MLClassify.WeightFiles.Torch;

/// <summary>
/// Reads PyTorch's weight files (<c>torch.save</c>), in the zip format and in the one before PyTorch 1.6. The pickle inside is
/// interpreted for plain data and tensors alone; nothing in it is run.
/// </summary>
internal sealed class TorchReader : IWeightFile
{
    private readonly Stream _stream;
    private readonly ITorchStorages _storages;
    private readonly bool _isBigEndian;
    private readonly Dictionary<string, TorchTensor> _tensors = new(StringComparer.Ordinal);

    public TorchReader(string file, object? root, ITorchStorages storages, Stream stream, bool isBigEndian)
    {
        File = file;
        _storages = storages;
        _stream = stream;
        _isBigEndian = isBigEndian;
        List<(string Name, TorchTensor Tensor)> tensors = StateDictionary.TensorsOf(root, file);
        foreach ((string name, TorchTensor tensor) in tensors)
        {
            _tensors.Add(name, tensor);
        }

        Entries = [.. tensors.Select(t => new WeightEntry(t.Name, t.Tensor.Type, t.Tensor.Dimensions))];
    }

    public string File { get; }

    public IReadOnlyList<WeightEntry> Entries { get; }

    public void Read(string name, Span<float> values)
    {
        TorchTensor tensor = _tensors.TryGetValue(name, out TorchTensor? found)
            ? found
            : throw new KeyNotFoundException($"{File} has no tensor named '{name}'.");
        long count = tensor.Count;
        if (values.Length != count)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Tensor '{name}' has {count} values, got room for {values.Length}."), nameof(values));
        }

        if (count > 0 && !TryRead(tensor, values))
        {
            throw new InvalidWeightsException(File, "the file ends too early", name);
        }
    }

    public void Dispose() => _stream.Dispose();

    private bool TryRead(TorchTensor tensor, Span<float> values)
    {
        int size = ElementTypes.SizeOf(tensor.Type);
        using Stream source = _storages.Open(tensor.Storage, tensor.Offset * size);
        if (tensor.IsContiguous)
        {
            return TensorBytes.TryRead(source, tensor.Type, _isBigEndian, values);
        }

        byte[] bytes = new byte[tensor.Span * size];
        if (source.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            return false;
        }

        TensorBytes.Gather(bytes, tensor.Type, _isBigEndian, tensor.Dimensions, tensor.Strides, values);
        return true;
    }
}
