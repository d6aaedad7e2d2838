using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace MLClassify.WeightFiles.Onnx.Protobuf;

/// <summary>Where a field's value lies in a file.</summary>
/// <param name="Field">The field's number.</param>
/// <param name="Begin">For a value of a stated length, where the length begins; else where the value begins.</param>
/// <param name="End">The byte after the value.</param>
/// <param name="HasLength">Whether the length stands before the value.</param>
internal readonly record struct FileSection(int Field, long Begin, long End, bool HasLength);

/// <summary>
/// Reads messages from a file that nobody vouches for. The wire format (https://protobuf.dev/programming-guides/encoding) and the limits
/// of nested messages are <see cref="CodedInputStream"/>'s; this adds the kind of every field, a bound on what is kept in memory, and the
/// places of long values, which are noted and not read.
/// </summary>
internal sealed class ProtoReader : IDisposable
{
    /// <summary>The most messages, strings and list elements that a file may have. Large networks have some ten thousands.</summary>
    public const int MaximumElements = 1 << 21;

    private readonly Stream _stream;
    private readonly CodedInputStream _input;
    private long _elements;

    /// <summary>Starts at the stream's position.</summary>
    /// <param name="stream">The file; it must be seekable, and stays open.</param>
    /// <param name="file">Its name, for messages.</param>
    public ProtoReader(Stream stream, string file)
    {
        File = file;
        _stream = stream;
        _input = new CodedInputStream(stream, leaveOpen: true);
    }

    /// <summary>The file, for messages.</summary>
    public string File { get; }

    /// <summary>The message that is being read.</summary>
    public string Message { get; private set; } = "";

    /// <summary>The number of the field that is being read.</summary>
    public int Field { get; private set; }

    /// <summary>Where the field that is being read begins.</summary>
    public long FieldOffset { get; private set; }

    private WireFormat.WireType WireType { get; set; }

    /// <summary>Reads the file as one message.</summary>
    /// <param name="name">The message's name in the schema.</param>
    /// <param name="readField">Reads, or skips, the field that comes next.</param>
    /// <exception cref="InvalidWeightsException">The file is damaged.</exception>
    public void ReadWhole(string name, Action<int> readField)
    {
        try
        {
            ReadFields(name, readField);
        }
        catch (InvalidProtocolBufferException e)
        {
            // The library's messages explain protocol buffers at length; what went wrong is in their first sentence.
            string reason = e.Message.Split(". ")[0].TrimEnd('.');
            throw new InvalidWeightsException(
                File, $"this is no ONNX file, or it is damaged in {Place()} ({reason})", offset: FieldOffset, innerException: e);
        }
    }

    /// <summary>Reads the field as a message.</summary>
    /// <param name="name">The message's name in the schema.</param>
    /// <param name="readField">Reads, or skips, the field that comes next.</param>
    public void ReadMessage(string name, Action<int> readField)
    {
        Charge(1);
        Require(WireFormat.WireType.LengthDelimited);
        string outer = Message;
        _input.ReadMessage(new Adapter(_ => ReadFields(name, readField)));
        Message = outer;
    }

    /// <summary>Reads the field as a whole number.</summary>
    public long ReadInt64()
    {
        Require(WireFormat.WireType.Varint);
        return _input.ReadInt64();
    }

    /// <summary>Reads the field as a whole number of 32 bits.</summary>
    public int ReadInt32()
    {
        long value = ReadInt64();
        return value is >= int.MinValue and <= int.MaxValue
            ? (int)value
            : throw Fault("the number is too large", found: FormattableString.Invariant($"{value}"));
    }

    /// <summary>Reads the field as a number of single precision.</summary>
    public float ReadSingle()
    {
        Require(WireFormat.WireType.Fixed32);
        return _input.ReadFloat();
    }

    /// <summary>Reads the field as bytes.</summary>
    public ByteString ReadBytes()
    {
        Charge(1);
        Require(WireFormat.WireType.LengthDelimited);
        return _input.ReadBytes();
    }

    /// <summary>Reads the field as a text; bytes that are not UTF-8 become the replacement character.</summary>
    public string ReadString() => ReadBytes().ToStringUtf8();

    /// <summary>Reads the field as one or, packed, many whole numbers.</summary>
    /// <param name="values">The list that they are appended to.</param>
    public void ReadInt64s(ICollection<long> values) => ReadRepeated(WireFormat.WireType.Varint, () => values.Add(_input.ReadInt64()));

    /// <summary>Reads the field as one or, packed, many numbers of single precision.</summary>
    /// <param name="values">The list that they are appended to.</param>
    public void ReadSingles(ICollection<float> values) => ReadRepeated(WireFormat.WireType.Fixed32, () => values.Add(_input.ReadFloat()));

    /// <summary>Reads the field as a key and a value.</summary>
    public StringStringEntryProto ReadEntry()
    {
        var entry = new StringStringEntryProto();
        ReadMessage(nameof(StringStringEntryProto), field =>
        {
            switch (field)
            {
                case StringStringEntryProto.KeyFieldNumber: entry.Key = ReadString(); break;
                case StringStringEntryProto.ValueFieldNumber: entry.Value = ReadString(); break;
                default: Skip(); break;
            }
        });
        return entry;
    }

    /// <summary>
    /// Reads the field as a small message, by the generated parser. Lists take many times their bytes in memory, so that their elements are
    /// counted before they are read: each takes two bytes of the file at least. Fields that the schema does not have are dropped.
    /// </summary>
    /// <remarks>The generated parsers refuse texts that are not UTF-8, which other programs take; messages with texts are read by hand.</remarks>
    /// <typeparam name="T">The message; it may hold no texts.</typeparam>
    /// <param name="parser">Its parser.</param>
    public T ReadParsed<T>(MessageParser<T> parser)
        where T : IMessage<T>
    {
        ByteString bytes = ReadBytes();
        Charge(bytes.Length / 2);
        return parser.WithDiscardUnknownFields(true).ParseFrom(bytes);
    }

    /// <summary>Elements of a tensor that were stepped over.</summary>
    /// <param name="sections">Where they lie.</param>
    public FileTensorContent Content(IReadOnlyList<FileSection> sections) => new(_stream, File, sections);

    /// <summary>Notes where the field's value lies, and steps over it.</summary>
    public FileSection SkipSection()
    {
        Charge(1);
        long begin = _input.Position;
        Skip();
        return new FileSection(Field, begin, _input.Position, WireType == WireFormat.WireType.LengthDelimited);
    }

    /// <summary>Steps over a field that nobody needs.</summary>
    public void Skip()
    {
        if (WireType is WireFormat.WireType.StartGroup or WireFormat.WireType.EndGroup)
        {
            throw Fault("ONNX has no groups");
        }

        _input.SkipLastField();
    }

    /// <summary>An error at the field that is being read.</summary>
    /// <param name="problem">What is wrong.</param>
    /// <param name="expected">What was expected, or null.</param>
    /// <param name="found">What was found, or null.</param>
    public InvalidWeightsException Fault(string problem, string? expected = null, string? found = null) =>
        new(File, $"{Place()}: {problem}", offset: FieldOffset, expected: expected, found: found);

    /// <summary>Ends reading; the file stays open.</summary>
    public void Dispose() => _input.Dispose();

    private string Place() => FormattableString.Invariant($"{Message}, field {Field}");

    private void ReadFields(string name, Action<int> readField)
    {
        while (true)
        {
            Message = name;
            long offset = _input.Position;
            uint tag = _input.ReadTag();
            if (tag == 0)
            {
                return;
            }

            FieldOffset = offset;
            Field = WireFormat.GetTagFieldNumber(tag);
            WireType = WireFormat.GetTagWireType(tag);
            if (!Enum.IsDefined(WireType))
            {
                throw Fault("the field's kind is unknown", found: FormattableString.Invariant($"{(int)WireType}"));
            }

            readField(Field);
        }
    }

    private void ReadRepeated(WireFormat.WireType single, Action read)
    {
        if (WireType == WireFormat.WireType.LengthDelimited)
        {
            _input.ReadMessage(new Adapter(input =>
            {
                while (!input.IsAtEnd)
                {
                    Charge(1);
                    read();
                }

                // How the library wants to see a message's end.
                input.ReadTag();
            }));
            return;
        }

        Charge(1);
        Require(single);
        read();
    }

    private void Require(WireFormat.WireType type)
    {
        if (WireType != type)
        {
            throw Fault("the field is of another kind", expected: type.ToString(), found: WireType.ToString());
        }
    }

    private void Charge(int elements)
    {
        _elements += elements;
        if (_elements > MaximumElements)
        {
            throw Fault("the file has too many parts", expected: FormattableString.Invariant($"at most {MaximumElements}"));
        }
    }

    /// <summary>Lets a function read what lies between a message's ends; those are the library's affair.</summary>
    private sealed class Adapter(Action<CodedInputStream> read) : IMessage
    {
        public MessageDescriptor Descriptor => throw new NotSupportedException();

        public int CalculateSize() => throw new NotSupportedException();

        public void MergeFrom(CodedInputStream input) => read(input);

        public void WriteTo(CodedOutputStream output) => throw new NotSupportedException();
    }
}
