namespace MLClassify.WeightFiles.Numpy;

/// <summary>An open NumPy file, <c>.npy</c> or <c>.npz</c>.</summary>
internal sealed class NumpyFile : IWeightFile
{
    private readonly Stream _stream;
    private readonly Dictionary<string, NumpyTensor> _tensors = new(StringComparer.Ordinal);

    /// <summary>Takes what a format has found.</summary>
    /// <param name="stream">The file; closed with this.</param>
    /// <param name="file">The file, for messages.</param>
    /// <param name="tensors">The arrays, in the file's order.</param>
    /// <exception cref="InvalidWeightsException">Two arrays share a name, or there is none.</exception>
    public NumpyFile(Stream stream, string file, IReadOnlyList<(string Name, NumpyTensor Tensor)> tensors)
    {
        _stream = stream;
        File = file;
        foreach ((string name, NumpyTensor tensor) in tensors)
        {
            if (!_tensors.TryAdd(name, tensor))
            {
                throw new InvalidWeightsException(file, "the name occurs twice", name);
            }
        }

        if (tensors.Count == 0)
        {
            throw new InvalidWeightsException(file, "the file holds no arrays of numbers", expected: "arrays, or a dictionary of them");
        }

        Entries = [.. tensors.Select(t => new WeightEntry(t.Name, t.Tensor.Type.Element!.Value, t.Tensor.Dimensions))];
    }

    public string File { get; }

    public IReadOnlyList<WeightEntry> Entries { get; }

    public void Read(string name, Span<float> values)
    {
        NumpyTensor tensor = _tensors.TryGetValue(name, out NumpyTensor? found)
            ? found
            : throw new KeyNotFoundException($"{File} has no tensor named '{name}'.");
        long count = NumpyTensor.BytesOf(tensor.Dimensions, 1)!.Value;
        if (values.Length != count)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Tensor '{name}' has {count} values, got room for {values.Length}."), nameof(values));
        }

        if (count * ElementTypes.SizeOf(tensor.Type.Element!.Value) > Array.MaxLength && tensor.IsFortran)
        {
            throw new InvalidWeightsException(File, "an array in Fortran's order is too large", name, expected: "at most 2 GiB");
        }

        if (!tensor.TryRead(values))
        {
            throw new InvalidWeightsException(File, "the file ends too early", name);
        }
    }

    public void Dispose() => _stream.Dispose();
}
