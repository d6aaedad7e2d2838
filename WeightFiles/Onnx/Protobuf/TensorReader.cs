namespace MLClassify.WeightFiles.Onnx.Protobuf;

/// <summary>Reads <see cref="TensorProto"/>: what the tensor is, and where its elements are.</summary>
internal static class TensorReader
{
    // No framework makes tensors of more dimensions; without a bound, a small file could claim memory by dimensions of size 1.
    private const int MaximumDimensions = 64;

    /// <summary>Reads the field as a tensor.</summary>
    /// <param name="reader">The reader, at the field.</param>
    /// <param name="unlocated">Takes the tensor if its elements are in this file: their places are to be looked at when all is read.</param>
    public static TensorProto Read(ProtoReader reader, List<(TensorProto Tensor, FileTensorContent Content)> unlocated)
    {
        var tensor = new TensorProto();
        var dimensions = new List<long>();
        var sections = new List<FileSection>();
        reader.ReadMessage(nameof(TensorProto), field =>
        {
            switch (field)
            {
                case TensorProto.DimsFieldNumber: reader.ReadInt64s(dimensions); break;
                case TensorProto.DataTypeFieldNumber: tensor.DataType = (TensorProto.Types.DataType)reader.ReadInt32(); break;
                case TensorProto.SegmentFieldNumber:
                    tensor.Segment = new TensorProto.Types.Segment();
                    reader.Skip();
                    break;
                case TensorProto.FloatDataFieldNumber or TensorProto.Int32DataFieldNumber or TensorProto.Int64DataFieldNumber
                    or TensorProto.RawDataFieldNumber or TensorProto.DoubleDataFieldNumber or TensorProto.Uint64DataFieldNumber:
                    sections.Add(reader.SkipSection());
                    break;
                case TensorProto.NameFieldNumber: tensor.Name = reader.ReadString(); break;
                case TensorProto.ExternalDataFieldNumber: tensor.ExternalData.Add(reader.ReadEntry()); break;
                case TensorProto.DataLocationFieldNumber: tensor.DataLocation = (TensorProto.Types.DataLocation)reader.ReadInt32(); break;
                default: reader.Skip(); break;
            }
        });
        Check(reader, tensor, dimensions);
        tensor.Dims.Add(dimensions);
        if (!tensor.IsExternal)
        {
            FileTensorContent content = reader.Content(sections);
            tensor.Content = content;
            unlocated.Add((tensor, content));
        }

        return tensor;
    }

    private static void Check(ProtoReader reader, TensorProto tensor, List<long> dimensions)
    {
        string? problem = tensor.Segment is not null ? "a tensor in segments is not read"
            : !Enum.IsDefined(tensor.DataLocation) ? "its elements are in an unknown place"
            : dimensions.Count > MaximumDimensions ? FormattableString.Invariant($"it has {dimensions.Count} dimensions")
            : dimensions.Any(d => d < 0) ? "a dimension is negative"
            : null;
        Int128 count = 1;
        foreach (long dimension in dimensions.Where(d => d > 0))
        {
            count *= dimension;
            problem ??= count > long.MaxValue ? "the number of elements overflows" : null;
            count = Int128.Min(count, long.MaxValue);
        }

        if (problem is not null)
        {
            throw new InvalidWeightsException(
                reader.File, problem, tensor.Name, reader.FieldOffset, found: $"[{string.Join(", ", dimensions.Take(MaximumDimensions))}]");
        }
    }
}
