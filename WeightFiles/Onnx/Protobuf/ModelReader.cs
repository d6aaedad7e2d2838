namespace MLClassify.WeightFiles.Onnx.Protobuf;

/// <summary>
/// Reads a model into the generated messages, field by field, so that elements of tensors stay in the file and a hostile file claims no
/// memory. Types of inputs and outputs are left to the generated parser, see <see cref="ProtoReader.ReadParsed"/>. What has no case is
/// skipped.
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
        var model = new ModelProto();
        _reader.ReadWhole(nameof(ModelProto), field =>
        {
            switch (field)
            {
                case ModelProto.IrVersionFieldNumber: model.IrVersion = _reader.ReadInt64(); break;
                case ModelProto.ProducerNameFieldNumber: model.ProducerName = _reader.ReadString(); break;
                case ModelProto.ProducerVersionFieldNumber: model.ProducerVersion = _reader.ReadString(); break;
                case ModelProto.DocStringFieldNumber: model.DocString = _reader.ReadString(); break;
                case ModelProto.GraphFieldNumber: model.Graph = model.Graph is null ? ReadGraph() : throw _reader.Fault("there are two graphs"); break;
                case ModelProto.OpsetImportFieldNumber: model.OpsetImport.Add(ReadOperatorSet()); break;
                case ModelProto.MetadataPropsFieldNumber: model.MetadataProps.Add(_reader.ReadEntry()); break;
                default: _reader.Skip(); break;
            }
        });
        return model.Graph is not null ? model : throw new InvalidWeightsException(_reader.File, "this is no ONNX model: it has no graph");
    }

    private OperatorSetIdProto ReadOperatorSet()
    {
        var set = new OperatorSetIdProto();
        _reader.ReadMessage(nameof(OperatorSetIdProto), field =>
        {
            switch (field)
            {
                case OperatorSetIdProto.DomainFieldNumber: set.Domain = _reader.ReadString(); break;
                case OperatorSetIdProto.VersionFieldNumber: set.Version = _reader.ReadInt64(); break;
                default: _reader.Skip(); break;
            }
        });
        return set;
    }

    private ValueInfoProto ReadValueInfo()
    {
        var value = new ValueInfoProto();
        _reader.ReadMessage(nameof(ValueInfoProto), field =>
        {
            switch (field)
            {
                case ValueInfoProto.NameFieldNumber: value.Name = _reader.ReadString(); break;
                case ValueInfoProto.TypeFieldNumber: value.Type = _reader.ReadParsed(TypeProto.Parser); break;
                default: _reader.Skip(); break;
            }
        });
        return value;
    }

    private GraphProto ReadGraph()
    {
        var graph = new GraphProto();
        _reader.ReadMessage(nameof(GraphProto), field =>
        {
            switch (field)
            {
                case GraphProto.NodeFieldNumber: graph.Node.Add(ReadNode()); break;
                case GraphProto.NameFieldNumber: graph.Name = _reader.ReadString(); break;
                case GraphProto.InitializerFieldNumber: graph.Initializer.Add(TensorReader.Read(_reader, _unlocated)); break;
                case GraphProto.DocStringFieldNumber: graph.DocString = _reader.ReadString(); break;
                case GraphProto.InputFieldNumber: graph.Input.Add(ReadValueInfo()); break;
                case GraphProto.OutputFieldNumber: graph.Output.Add(ReadValueInfo()); break;
                case GraphProto.SparseInitializerFieldNumber:
                    if (graph.SparseInitializer.Count == 0)
                    {
                        graph.SparseInitializer.Add(new SparseTensorProto());
                    }

                    _reader.Skip();
                    break;
                default: _reader.Skip(); break;
            }
        });
        return graph;
    }

    private NodeProto ReadNode()
    {
        var node = new NodeProto();
        _reader.ReadMessage(nameof(NodeProto), field =>
        {
            switch (field)
            {
                case NodeProto.InputFieldNumber: node.Input.Add(_reader.ReadString()); break;
                case NodeProto.OutputFieldNumber: node.Output.Add(_reader.ReadString()); break;
                case NodeProto.NameFieldNumber: node.Name = _reader.ReadString(); break;
                case NodeProto.OpTypeFieldNumber: node.OpType = _reader.ReadString(); break;
                case NodeProto.AttributeFieldNumber: node.Attribute.Add(ReadAttribute()); break;
                case NodeProto.DomainFieldNumber: node.Domain = _reader.ReadString(); break;
                default: _reader.Skip(); break;
            }
        });
        return node;
    }

    private AttributeProto ReadAttribute()
    {
        var attribute = new AttributeProto();
        _reader.ReadMessage(nameof(AttributeProto), field =>
        {
            switch (field)
            {
                case AttributeProto.NameFieldNumber: attribute.Name = _reader.ReadString(); break;
                case AttributeProto.FFieldNumber: attribute.F = _reader.ReadSingle(); break;
                case AttributeProto.IFieldNumber: attribute.I = _reader.ReadInt64(); break;
                case AttributeProto.SFieldNumber: attribute.S = _reader.ReadBytes(); break;
                case AttributeProto.TFieldNumber: attribute.T = TensorReader.Read(_reader, _unlocated); break;
                case AttributeProto.FloatsFieldNumber: _reader.ReadSingles(attribute.Floats); break;
                case AttributeProto.IntsFieldNumber: _reader.ReadInt64s(attribute.Ints); break;
                case AttributeProto.StringsFieldNumber: attribute.Strings.Add(_reader.ReadBytes()); break;
                case AttributeProto.TypeFieldNumber: attribute.Type = (AttributeProto.Types.AttributeType)_reader.ReadInt32(); break;
                default: _reader.Skip(); break;
            }
        });
        return attribute;
    }
}
