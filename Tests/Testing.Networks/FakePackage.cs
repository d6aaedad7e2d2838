using MLClassify.Engines;
using MLClassify.Graphs;
using MLClassify.Networks;
using MLClassify.WeightFiles.Onnx;
using MLClassify.WeightFiles.Onnx.Protobuf;
using MLClassify.WeightFiles.Packages;
using MLClassify.WeightFiles.Pretrained;
using DataType = MLClassify.WeightFiles.Onnx.Protobuf.TensorProto.Types.DataType;
using Dimension = MLClassify.WeightFiles.Onnx.Protobuf.TensorShapeProto.Types.Dimension;

namespace MLClassify.Testing;

/// <summary>A package laid out as Microsoft's featurizers are, with a small network that was never trained.</summary>
/// <param name="network">Its network in the registry.</param>
/// <param name="size">The side of its input.</param>
internal sealed class FakePackage(string network, int size = 32)
{
    public const string Id = "Tests.Featurizer.Small";

    /// <summary>The averages of the mean image's channels: red, green, blue.</summary>
    public static readonly float[] Mean = [123.5f, 115.25f, 103];

    public FeaturizerPackage Package { get; } = new(Id, "Small", "Any", network, Megabytes: 1);

    /// <summary>Options that know this package alone, in a folder.</summary>
    public WeightsCacheOptions In(string packages, WeightsCacheOptions options) => options with
    {
        PackageFolder = packages,
        NuGet = Settings() with { ProgramFolder = Path.Combine(packages, "no-program") },
    };

    /// <summary>A NuGet that knows this package alone.</summary>
    public NuGetSettings Settings() => new() { Packages = [Package] };

    /// <summary>Writes the package as NuGet unpacks it.</summary>
    public void Restore(string packages, string version, ulong seed = 1) =>
        Write(Path.Combine(packages, "tests.featurizer.small", version, "tools", FeaturizerPackage.Folder), seed);

    /// <summary>Writes the files.</summary>
    public void Write(string folder, ulong seed = 1)
    {
        Graph graph = NetworkRegistry.Default.Get(network).Build(new NetworkOptions { InputHeight = size, InputWidth = size });
        using var parameters = new HostParameterStore(graph.Parameters);
        parameters.Initialize(seed);
        string model = Path.Combine(folder, Package.ModelFile);
        Directory.CreateDirectory(Path.GetDirectoryName(model)!);
        OnnxExporter.Export(model, graph.UpTo(graph.Features), parameters, new OnnxExportOptions { Softmax = false });
        string preparation = Path.Combine(folder, Package.PreparationFile);
        Directory.CreateDirectory(Path.GetDirectoryName(preparation)!);
        ModelWriter.Write(preparation, Preparation());
    }

    // A mean image, not a mean: brighter to the right, by as much as it is darker to the left.
    private ModelProto Preparation()
    {
        int pixels = size * size;
        float[] image = [.. Enumerable.Range(0, 3 * pixels).Select(i => Mean[2 - (i / pixels)] + (i % size) - ((size - 1) / 2f))];
        return new ModelProto
        {
            IrVersion = 3,
            OpsetImport = { new OperatorSetIdProto { Version = 8 } },
            Graph = new GraphProto
            {
                Name = "preparation",
                Node =
                {
                    new NodeProto { OpType = "Split", Input = { "original" }, Output = { "r", "g", "b" }, Attribute = { AttributeProto.Of("axis", 1L), AttributeProto.Of("split", [1L, 1, 1]) } },
                    new NodeProto { OpType = "Concat", Input = { "b", "g", "r" }, Output = { "bgr" }, Attribute = { AttributeProto.Of("axis", 1L) } },
                    new NodeProto { OpType = "Sub", Input = { "bgr", "mean" }, Output = { "prepared" } },
                },
                Initializer = { TensorProto.Of("mean", [1, 3, size, size], () => image) },
                Input = { Image("original") },
                Output = { Image("prepared") },
            },
        };
    }

    private ValueInfoProto Image(string name)
    {
        var shape = new TensorShapeProto { Dim = { new[] { 1, 3, size, size }.Select(d => new Dimension { DimValue = d }) } };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = DataType.Float, Shape = shape } } };
    }
}
