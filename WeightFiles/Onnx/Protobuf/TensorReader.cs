using MLClassify.Common;

namespace MLClassify.WeightFiles.Onnx.Protobuf;

/// <summary>Reads <c>TensorProto</c>: what the tensor is, and where its elements lie.</summary>
internal static class TensorReader
{
    // No framework makes tensors of more dimensions; without a bound, a small file could claim memory by dimensions of size 1.
    private const int MaximumDimensions = 64;

    /// <summary>Reads the field as a tensor.</summary>
    /// <param name="reader">The reader, at the field.</param>
    /// <param name="unlocated">Takes the tensor if its elements lie in this file: their places are to be looked at when all is read.</param>
    public static TensorProto Read(ProtoReader reader, List<(TensorProto Tensor, FileTensorContent Content)> unlocated)
    {
        string name = "";
        int type = 0;
        int location = 0;
        bool isSegment = false;
        var dimensions = new List<long>();
        var sections = new List<FileSection>();
        var external = new List<KeyValuePair<string, string>>();
        reader.ReadMessage("TensorProto", field =>
        {
            switch (field)
            {
                case 1: reader.ReadInt64s(dimensions); break;
                case 2: type = reader.ReadInt32(); break;
                case 3: isSegment = true; reader.Skip(); break;
                case (int)TensorField.FloatData or (int)TensorField.Int32Data or (int)TensorField.Int64Data
                    or (int)TensorField.RawData or (int)TensorField.DoubleData or (int)TensorField.UInt64Data:
                    sections.Add(reader.SkipSection());
                    break;
                case 8: name = reader.ReadString(); break;
                case 13: external.Add(reader.ReadEntry()); break;
                case 14: location = reader.ReadInt32(); break;
                default: reader.Skip(); break;
            }
        });
        Check(reader, name, dimensions, isSegment, location);
        FileTensorContent? content = location == 0 ? reader.Content(sections) : null;
        var tensor = new TensorProto
        {
            Name = name,
            DataType = (TensorDataType)type,
            Dimensions = dimensions,
            ExternalData = external,
            Content = content,
        };
        if (content is not null)
        {
            unlocated.Add((tensor, content));
        }

        return tensor;
    }

    private static void Check(ProtoReader reader, string name, List<long> dimensions, bool isSegment, int location)
    {
        string? problem = isSegment ? "a tensor in segments is not read"
            : location is not (0 or 1) ? "its elements are in an unknown place"
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
                reader.File, problem, name, reader.FieldOffset, found: $"[{string.Join(", ", dimensions.Take(MaximumDimensions))}]");
        }
    }
}
