using MLClassify.Common;

namespace MLClassify.WeightFiles.Onnx.Protobuf;

/// <summary>
/// Reads a model's messages; the numbers are the fields' in ONNX's schema
/// (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). What has no case is skipped.
/// </summary>
internal sealed class ModelReader
{
    private readonly ProtoReader _reader;
    private readonly List<(TensorProto Tensor, FileTensorContent Content)> _unlocated = [];

    private ModelReader(ProtoReader reader) => _reader = reader;

    /// <summary>Reads a model; its tensors' elements stay in the file.</summary>
    /// <param name="stream">The file, which must be seekable.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="InvalidWeightsException">The file is damaged, or no ONNX model.</exception>
    public static ModelProto Read(Stream stream, string file)
    {
        if (stream.Length > int.MaxValue)
        {
            throw new InvalidWeightsException(
                file,
                "an ONNX file cannot be that large",
                expected: FormattableString.Invariant($"at most {int.MaxValue} bytes"),
                found: FormattableString.Invariant($"{stream.Length}"));
        }

        stream.Position = 0;
        using var messages = new ProtoReader(stream, file);
        var reader = new ModelReader(messages);
        ModelProto model = reader.ReadModel();
        foreach ((TensorProto tensor, FileTensorContent content) in reader._unlocated)
        {
            content.Locate(tensor);
        }

        return model;
    }

    private ModelProto ReadModel()
    {
        long version = 0;
        string producer = "";
        string producerVersion = "";
        string doc = "";
        GraphProto? graph = null;
        var opsets = new List<OperatorSet>();
        var metadata = new List<KeyValuePair<string, string>>();
        _reader.ReadWhole("ModelProto", field =>
        {
            switch (field)
            {
                case 1: version = _reader.ReadInt64(); break;
                case 2: producer = _reader.ReadString(); break;
                case 3: producerVersion = _reader.ReadString(); break;
                case 6: doc = _reader.ReadString(); break;
                case 7: graph = graph is null ? ReadGraph() : throw _reader.Fault("there are two graphs"); break;
                case 8: opsets.Add(ReadOperatorSet()); break;
                case 14: metadata.Add(_reader.ReadEntry()); break;
                default: _reader.Skip(); break;
            }
        });
        return new ModelProto
        {
            IrVersion = version,
            ProducerName = producer,
            ProducerVersion = producerVersion,
            DocString = doc,
            OpsetImports = opsets,
            Metadata = metadata,
            Graph = graph ?? throw new InvalidWeightsException(_reader.File, "this is no ONNX model: it has no graph"),
        };
    }

    private OperatorSet ReadOperatorSet()
    {
        string domain = "";
        long version = 0;
        _reader.ReadMessage("OperatorSetIdProto", field =>
        {
            switch (field)
            {
                case 1: domain = _reader.ReadString(); break;
                case 2: version = _reader.ReadInt64(); break;
                default: _reader.Skip(); break;
            }
        });
        return new OperatorSet(domain, version);
    }

    private GraphProto ReadGraph()
    {
        string name = "";
        string doc = "";
        bool isSparse = false;
        var nodes = new List<NodeProto>();
        var initializers = new List<TensorProto>();
        var inputs = new List<ValueInfoProto>();
        var outputs = new List<ValueInfoProto>();
        _reader.ReadMessage("GraphProto", field =>
        {
            switch (field)
            {
                case 1: nodes.Add(ReadNode()); break;
                case 2: name = _reader.ReadString(); break;
                case 5: initializers.Add(TensorReader.Read(_reader, _unlocated)); break;
                case 10: doc = _reader.ReadString(); break;
                case 11: inputs.Add(ReadValueInfo()); break;
                case 12: outputs.Add(ReadValueInfo()); break;
                case 15: isSparse = true; _reader.Skip(); break;
                default: _reader.Skip(); break;
            }
        });
        return new GraphProto
        {
            Name = name,
            DocString = doc,
            Nodes = nodes,
            Initializers = initializers,
            Inputs = inputs,
            Outputs = outputs,
            HasSparseInitializers = isSparse,
        };
    }

    private NodeProto ReadNode()
    {
        string name = "";
        string type = "";
        string domain = "";
        var inputs = new List<string>();
        var outputs = new List<string>();
        var attributes = new List<AttributeProto>();
        _reader.ReadMessage("NodeProto", field =>
        {
            switch (field)
            {
                case 1: inputs.Add(_reader.ReadString()); break;
                case 2: outputs.Add(_reader.ReadString()); break;
                case 3: name = _reader.ReadString(); break;
                case 4: type = _reader.ReadString(); break;
                case 5: attributes.Add(ReadAttribute()); break;
                case 7: domain = _reader.ReadString(); break;
                default: _reader.Skip(); break;
            }
        });
        return new NodeProto { Name = name, OpType = type, Domain = domain, Inputs = inputs, Outputs = outputs, Attributes = attributes };
    }

    private AttributeProto ReadAttribute()
    {
        var attribute = new AttributeProto { Name = "", Type = AttributeType.Undefined };
        var floats = new List<float>();
        var ints = new List<long>();
        var strings = new List<string>();
        _reader.ReadMessage("AttributeProto", field =>
        {
            switch (field)
            {
                case 1: attribute = attribute with { Name = _reader.ReadString() }; break;
                case 2: attribute = attribute with { Float = _reader.ReadSingle() }; break;
                case 3: attribute = attribute with { Int = _reader.ReadInt64() }; break;
                case 4: attribute = attribute with { String = _reader.ReadString() }; break;
                case 5: attribute = attribute with { Tensor = TensorReader.Read(_reader, _unlocated) }; break;
                case 7: _reader.ReadSingles(floats); break;
                case 8: _reader.ReadInt64s(ints); break;
                case 9: strings.Add(_reader.ReadString()); break;
                case 20: attribute = attribute with { Type = (AttributeType)_reader.ReadInt32() }; break;
                default: _reader.Skip(); break;
            }
        });
        return attribute with { Floats = floats, Ints = ints, Strings = strings };
    }

    private ValueInfoProto ReadValueInfo()
    {
        string name = "";
        int type = 0;
        List<DimensionProto>? dimensions = null;
        _reader.ReadMessage("ValueInfoProto", info =>
        {
            switch (info)
            {
                case 1: name = _reader.ReadString(); break;
                case 2: _reader.ReadMessage("TypeProto", ReadType); break;
                default: _reader.Skip(); break;
            }
        });
        return new ValueInfoProto(name, (TensorDataType)type, dimensions);

        void ReadType(int field)
        {
            if (field == 1)
            {
                _reader.ReadMessage("TypeProto.Tensor", ReadTensorType);
                return;
            }

            _reader.Skip();
        }

        void ReadTensorType(int field)
        {
            switch (field)
            {
                case 1: type = _reader.ReadInt32(); break;
                case 2: dimensions = ReadShape(); break;
                default: _reader.Skip(); break;
            }
        }
    }

    private List<DimensionProto> ReadShape()
    {
        var dimensions = new List<DimensionProto>();
        _reader.ReadMessage("TensorShapeProto", field =>
        {
            if (field != 1)
            {
                _reader.Skip();
                return;
            }

            var dimension = new DimensionProto(null);
            _reader.ReadMessage("TensorShapeProto.Dimension", part =>
            {
                switch (part)
                {
                    // A choice of one: the last one counts.
                    case 1: dimension = new DimensionProto(_reader.ReadInt64()); break;
                    case 2: dimension = new DimensionProto(null, _reader.ReadString()); break;
                    default: _reader.Skip(); break;
                }
            });
            dimensions.Add(dimension);
        });
        return dimensions;
    }
}
