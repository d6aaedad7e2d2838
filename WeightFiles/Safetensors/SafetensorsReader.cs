using System.Buffers.Binary;

namespace MLClassify.WeightFiles;

/// <summary>
/// Reads the safetensors format (https://github.com/huggingface/safetensors): eight bytes of length, a JSON header, the tensors'
/// bytes. The header is checked as a whole when the file is opened; tensors are read one by one. One caller at a time.
/// </summary>
internal sealed class SafetensorsReader : IWeightFile
{
    private const int BlockBytes = 1 << 16;

    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly long _dataStart;
    private readonly Dictionary<string, SafetensorsTensorInfo> _tensors = new(StringComparer.Ordinal);

    /// <summary>Reads and checks the header.</summary>
    /// <param name="stream">The file, from its first byte; it must be seekable.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed.</param>
    /// <exception cref="InvalidWeightsException">The content is not safetensors, or is damaged.</exception>
    public SafetensorsReader(Stream stream, string file, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(file);
        if (!stream.CanSeek)
        {
            throw new ArgumentException("The stream must be seekable.", nameof(stream));
        }

        _stream = stream;
        _leaveOpen = leaveOpen;
        File = file;

        byte[] header = ReadHeader();
        _dataStart = SafetensorsHeader.LengthBytes + header.Length;
        (SafetensorsTensorInfo[] tensors, Metadata) = SafetensorsHeader.Parse(header, file, stream.Length - _dataStart);
        Entries = [.. tensors.Select(t => t.Entry)];
        foreach (SafetensorsTensorInfo tensor in tensors)
        {
            _tensors.Add(tensor.Entry.Name, tensor);
        }
    }

    /// <inheritdoc/>
    public string File { get; }

    /// <summary>The header's <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Every tensor, in the order of its place in the file.</summary>
    public IReadOnlyList<WeightEntry> Entries { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="InvalidWeightsException">The content is not safetensors, or is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SafetensorsReader Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        try
        {
            return new SafetensorsReader(stream, path);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Whether there is a tensor of this name.</summary>
    /// <param name="name">The name.</param>
    public bool Contains(string name) => _tensors.ContainsKey(name);

    /// <inheritdoc/>
    /// <exception cref="KeyNotFoundException">There is no tensor of this name.</exception>
    /// <exception cref="ArgumentException">The tensor has another number of values.</exception>
    public void Read(string name, Span<float> values)
    {
        SafetensorsTensorInfo tensor = Find(name);
        if (values.Length != tensor.Entry.Count)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Tensor '{name}' has {tensor.Entry.Count} values, got room for {values.Length}."),
                nameof(values));
        }

        int size = ElementTypes.SizeOf(tensor.Entry.Type);
        byte[] block = new byte[(int)Math.Min(BlockBytes, tensor.End - tensor.Begin)];
        _stream.Position = _dataStart + tensor.Begin;
        for (int done = 0; done < values.Length;)
        {
            int count = Math.Min(values.Length - done, block.Length / size);
            Span<byte> bytes = block.AsSpan(0, count * size);
            ReadExactly(bytes, name);
            ElementTypes.ToSingle(tensor.Entry.Type, bytes, values.Slice(done, count));
            done += count;
        }
    }

    /// <summary>Reads a tensor's values as float32.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="KeyNotFoundException">There is no tensor of this name.</exception>
    /// <exception cref="InvalidWeightsException">The tensor is too large for an array, or the file was cut off meanwhile.</exception>
    public float[] Read(string name)
    {
        float[] values = new float[ArrayLength(name, Find(name).Entry.Count)];
        Read(name, values);
        return values;
    }

    /// <summary>Reads a tensor's bytes as they are stored, little-endian.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="KeyNotFoundException">There is no tensor of this name.</exception>
    /// <exception cref="InvalidWeightsException">The tensor is too large for an array, or the file was cut off meanwhile.</exception>
    public byte[] ReadBytes(string name)
    {
        SafetensorsTensorInfo tensor = Find(name);
        byte[] bytes = new byte[ArrayLength(name, tensor.End - tensor.Begin)];
        _stream.Position = _dataStart + tensor.Begin;
        ReadExactly(bytes, name);
        return bytes;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        if (!_leaveOpen)
        {
            _stream.Dispose();
        }
    }

    private byte[] ReadHeader()
    {
        long length = _stream.Length;
        _stream.Position = 0;
        Span<byte> prefix = stackalloc byte[SafetensorsHeader.LengthBytes];
        if (length < prefix.Length)
        {
            throw new InvalidWeightsException(
                File,
                "the file is too short for safetensors",
                expected: "at least 8 bytes",
                found: FormattableString.Invariant($"{length}"));
        }

        ReadExactly(prefix, tensor: null);
        ulong claimed = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        long limit = Math.Min(SafetensorsHeader.MaximumLength, length - prefix.Length);
        if (claimed > (ulong)limit)
        {
            throw new InvalidWeightsException(
                File,
                "the header's length is wrong, or this is not safetensors",
                offset: 0,
                expected: FormattableString.Invariant($"at most {limit} bytes"),
                found: FormattableString.Invariant($"{claimed}"));
        }

        byte[] header = new byte[(int)claimed];
        ReadExactly(header, tensor: null);
        return header;
    }

    private void ReadExactly(Span<byte> bytes, string? tensor)
    {
        long position = _stream.Position;
        try
        {
            _stream.ReadExactly(bytes);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidWeightsException(
                File,
                "the file ends too early",
                tensor,
                position,
                FormattableString.Invariant($"{bytes.Length} more bytes"),
                innerException: e);
        }
    }

    private SafetensorsTensorInfo Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _tensors.TryGetValue(name, out SafetensorsTensorInfo? tensor)
            ? tensor
            : throw new KeyNotFoundException($"{File} has no tensor named '{name}'.");
    }

    private int ArrayLength(string name, long length) => length <= Array.MaxLength
        ? (int)length
        : throw new InvalidWeightsException(
            File,
            "it is too large to read at once",
            name,
            expected: FormattableString.Invariant($"at most {Array.MaxLength} values"),
            found: FormattableString.Invariant($"{length}"));
}
