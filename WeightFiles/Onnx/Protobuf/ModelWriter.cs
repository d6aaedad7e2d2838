using MLClassify.Common;

namespace MLClassify.WeightFiles.Onnx.Protobuf;

/// <summary>
/// Writes a model's messages; the numbers are the fields' in ONNX's schema
/// (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). The same model always gives the same bytes.
/// </summary>
internal static class ModelWriter
{
    /// <summary>Writes a file: under a temporary name, flushed, renamed. Elements of tensors are made one tensor at a time.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model; its tensors' elements must be in memory.</param>
    /// <exception cref="NotSupportedException">The model needs more than the 2 GiB that protocol buffers can hold; nothing was written.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, ModelProto model)
    {
        ProtoWriter message = Message(model);
        AtomicFile.Write(path, message.WriteTo);
    }

    /// <summary>Writes to a stream, which need not be seekable.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="model">The model.</param>
    public static void Write(Stream stream, ModelProto model) => Message(model).WriteTo(stream);

    private static ProtoWriter Message(ModelProto model)
    {
        var writer = new ProtoWriter();
        writer.Int64(1, model.IrVersion);
        writer.OptionalString(2, model.ProducerName);
        writer.OptionalString(3, model.ProducerVersion);
        writer.OptionalString(6, model.DocString);
        writer.Message(7, Message(model.Graph));
        foreach (OperatorSet set in model.OpsetImports)
        {
            var entry = new ProtoWriter();
            entry.OptionalString(1, set.Domain);
            entry.Int64(2, set.Version);
            writer.Message(8, entry);
        }

        foreach ((string key, string value) in model.Metadata)
        {
            var entry = new ProtoWriter();
            entry.String(1, key);
            entry.String(2, value);
            writer.Message(14, entry);
        }

        return writer.Length <= int.MaxValue ? writer : throw ProtoWriter.TooLarge(writer.Length);
    }

    private static ProtoWriter Message(GraphProto graph)
    {
        var writer = new ProtoWriter();
        foreach (NodeProto node in graph.Nodes)
        {
            writer.Message(1, Message(node));
        }

        writer.OptionalString(2, graph.Name);
        foreach (TensorProto tensor in graph.Initializers)
        {
            writer.Message(5, Message(tensor));
        }

        writer.OptionalString(10, graph.DocString);
        foreach (ValueInfoProto input in graph.Inputs)
        {
            writer.Message(11, Message(input));
        }

        foreach (ValueInfoProto output in graph.Outputs)
        {
            writer.Message(12, Message(output));
        }

        return writer;
    }

    private static ProtoWriter Message(NodeProto node)
    {
        var writer = new ProtoWriter();
        foreach (string input in node.Inputs)
        {
            writer.String(1, input);
        }

        foreach (string output in node.Outputs)
        {
            writer.String(2, output);
        }

        writer.OptionalString(3, node.Name);
        writer.String(4, node.OpType);
        foreach (AttributeProto attribute in node.Attributes)
        {
            writer.Message(5, Message(attribute));
        }

        writer.OptionalString(7, node.Domain);
        return writer;
    }

    private static ProtoWriter Message(AttributeProto attribute)
    {
        var writer = new ProtoWriter();
        writer.String(1, attribute.Name);
        switch (attribute.Type)
        {
            case AttributeType.Float: writer.Single(2, attribute.Float); break;
            case AttributeType.Int: writer.Int64(3, attribute.Int); break;
            case AttributeType.String: writer.String(4, attribute.String); break;
            case AttributeType.Tensor when attribute.Tensor is not null: writer.Message(5, Message(attribute.Tensor)); break;
            case AttributeType.Floats:
                // The schema's lists in attributes are not packed.
                foreach (float value in attribute.Floats)
                {
                    writer.Single(7, value);
                }

                break;
            case AttributeType.Ints:
                foreach (long value in attribute.Ints)
                {
                    writer.Int64(8, value);
                }

                break;
            case AttributeType.Strings:
                foreach (string value in attribute.Strings)
                {
                    writer.String(9, value);
                }

                break;
            default: throw new ArgumentException($"Attribute '{attribute.Name}' of type {attribute.Type} cannot be written.", nameof(attribute));
        }

        writer.Int64(20, (long)attribute.Type);
        return writer;
    }

    private static ProtoWriter Message(TensorProto tensor)
    {
        if (tensor.Content is not MemoryTensorContent content)
        {
            throw new ArgumentException($"The elements of tensor '{tensor.Name}' are not in memory.", nameof(tensor));
        }

        var writer = new ProtoWriter();
        foreach (long dimension in tensor.Dimensions)
        {
            writer.Int64(1, dimension);
        }

        writer.Int64(2, (long)tensor.DataType);
        writer.OptionalString(8, tensor.Name);
        writer.Deferred((int)TensorField.RawData, content.ByteCount, stream => content.WriteTo(tensor, stream));
        return writer;
    }

    private static ProtoWriter Message(ValueInfoProto value)
    {
        var type = new ProtoWriter();
        type.Int64(1, (long)value.ElementType);
        if (value.Dimensions is not null)
        {
            type.Message(2, Message(value.Dimensions));
        }

        var outer = new ProtoWriter();
        outer.Message(1, type);
        var writer = new ProtoWriter();
        writer.String(1, value.Name);
        writer.Message(2, outer);
        return writer;
    }

    private static ProtoWriter Message(IReadOnlyList<DimensionProto> dimensions)
    {
        var writer = new ProtoWriter();
        foreach (DimensionProto dimension in dimensions)
        {
            var entry = new ProtoWriter();
            if (dimension.Value is { } value)
            {
                entry.Int64(1, value);
            }
            else if (dimension.Parameter is { } parameter)
            {
                entry.String(2, parameter);
            }

            writer.Message(1, entry);
        }

        return writer;
    }
}
