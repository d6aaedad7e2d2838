using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Graphs;
using MLClassify.WeightFiles.Onnx;
using MLClassify.WeightFiles.Onnx.Import;
using MLClassify.WeightFiles.Onnx.Protobuf;
using MLClassify.WeightFiles.Tests.Onnx.Protobuf;

namespace MLClassify.WeightFiles.Tests.Onnx.Import;

public sealed class ExternalDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ExternalDataTests()
    {
        Directory.CreateDirectory(_folder["model/below"]);
        File.WriteAllBytes(_folder["secret.bin"], new byte[64]);
        File.WriteAllBytes(_folder["model/weights.bin"], [.. Enumerable.Range(0, 16).SelectMany(i => BitConverter.GetBytes((float)i))]);
        File.Copy(_folder["model/weights.bin"], _folder["model/below/weights.bin"]);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("weights.bin", null, null, 0f)]
    [InlineData("weights.bin", "8", "24", 2f)]
    [InlineData("below/weights.bin", "40", null, 10f)]
    public void Resolve_FileBelowTheModel_GivesItsValues(string location, string? offset, string? length, float first)
    {
        float[] values = new float[6];
        Resolve(location, offset, length).ReadSingles(values);
        Assert.Equal(Enumerable.Range(0, 6).Select(i => first + i), values);
    }

    [Theory]
    [InlineData("../secret.bin")]
    [InlineData("below/../../secret.bin")]
    [InlineData("below/../weights.bin")]
    [InlineData("./weights.bin")]
    [InlineData("below//weights.bin")]
    [InlineData("..\\secret.bin")]
    [InlineData("below\\weights.bin")]
    [InlineData("C:secret.bin")]
    [InlineData("C:\\secret.bin")]
    [InlineData("/etc/passwd")]
    [InlineData("//server/share")]
    [InlineData("weights.bin\0.txt")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    public void Resolve_PlaceElsewhere_IsRefused(string location) =>
        Assert.Contains("not in the model's folder", Assert.Throws<InvalidWeightsException>(() => Resolve(location)).Message);

    [Theory]
    [InlineData("below")]
    [InlineData("missing.bin")]
    [InlineData("below/missing.bin")]
    [InlineData("weights.bin/weights.bin")]
    public void Resolve_NoFile_IsRefused(string location) => Assert.Throws<InvalidWeightsException>(() => Resolve(location));

    [Theory]
    [InlineData("41", null)]
    [InlineData("64", null)]
    [InlineData("65", null)]
    [InlineData("9223372036854775807", null)]
    [InlineData("9223372036854775808", null)]
    [InlineData("-1", null)]
    [InlineData("0x8", null)]
    [InlineData("", null)]
    [InlineData("0", "23")]
    [InlineData("0", "25")]
    [InlineData("0", "-24")]
    [InlineData("0", "9223372036854775807")]
    [InlineData("48", "24")]
    public void Resolve_LyingOffsetOrLength_IsRefused(string offset, string? length) =>
        Assert.Throws<InvalidWeightsException>(() => Resolve("weights.bin", offset, length));

    [Fact]
    public void Resolve_SymbolicLink_IsRefused()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.CreateSymbolicLink(_folder["model/link.bin"], _folder["secret.bin"]);
        Directory.CreateSymbolicLink(_folder["model/linked"], _folder.Root);
        Assert.Contains("symbolic link", Assert.Throws<InvalidWeightsException>(() => Resolve("link.bin")).Message);
        Assert.Contains("symbolic link", Assert.Throws<InvalidWeightsException>(() => Resolve("linked/secret.bin")).Message);
    }

    [Fact]
    public void Resolve_HugeTensor_IsRefused()
    {
        TensorProto tensor = Tensor("weights.bin", null, null);
        tensor.Dims[0] = 1L << 40;
        Assert.Contains("too large", Assert.Throws<InvalidWeightsException>(() => Resolver().Resolve(tensor)).Message);
    }

    [Fact]
    public void Resolve_EntryTwice_IsRefused()
    {
        TensorProto tensor = Tensor("weights.bin", null, null);
        tensor.ExternalData.Add(Entry("location", "other.bin"));
        Assert.Contains("twice", Assert.Throws<InvalidWeightsException>(() => Resolver().Resolve(tensor)).Message);
    }

    [Fact]
    public void Open_ModelWithExternalData_ReadsIt()
    {
        string path = _folder["model/model.onnx"];
        File.WriteAllBytes(path, Model("weights.bin"));
        using OnnxNetwork network = OnnxNetwork.Open(path, 4);
        using var engine = new CpuEngine(1);
        using ParameterStore parameters = engine.CreateParameters(network.Graph.Parameters);
        network.Load(parameters);

        // MatMul's matrix stands the other way round.
        Assert.Equal([0f, 2, 4, 1, 3, 5], parameters.Export("fc.weight"));
        File.WriteAllBytes(path, Model("../secret.bin"));
        Assert.Throws<InvalidWeightsException>(() => OnnxNetwork.Open(path, 4));
    }

    // The writer writes no external data: a mean and a matrix, by hand.
    private static byte[] Model(string location)
    {
        FieldWriter Entry(string key, string value)
        {
            var entry = new FieldWriter();
            entry.String(1, key);
            entry.String(2, value);
            return entry;
        }

        FieldWriter Node(string operation, string output, params string[] inputs)
        {
            var node = new FieldWriter();
            foreach (string input in inputs)
            {
                node.String(1, input);
            }

            node.String(2, output);
            node.String(4, operation);
            return node;
        }

        var tensor = new FieldWriter();
        tensor.Int64(1, 3);
        tensor.Int64(1, 2);
        tensor.Int64(2, 1);
        tensor.String(8, "fc.weight");
        tensor.Message(13, Entry("location", location));
        tensor.Int64(14, 1);
        var dimensions = new FieldWriter();
        foreach (long side in (long[])[1, 3, 4, 4])
        {
            var dimension = new FieldWriter();
            dimension.Int64(1, side);
            dimensions.Message(1, dimension);
        }

        var type = new FieldWriter();
        type.Int64(1, 1);
        type.Message(2, dimensions);
        var outer = new FieldWriter();
        outer.Message(1, type);
        var input = new FieldWriter();
        input.String(1, "input");
        input.Message(2, outer);
        var result = new FieldWriter();
        result.String(1, "logits");
        var graph = new FieldWriter();
        graph.Message(1, Node("GlobalAveragePool", "pooled", "input"));
        graph.Message(1, Node("Flatten", "features", "pooled"));
        graph.Message(1, Node("MatMul", "logits", "features", "fc.weight"));
        graph.Message(5, tensor);
        graph.Message(11, input);
        graph.Message(12, result);
        var model = new FieldWriter();
        model.Int64(1, 8);
        model.Message(7, graph);
        return model.ToArray();
    }

    private static TensorProto Tensor(string location, string? offset, string? length) => new()
    {
        Name = "w",
        DataType = TensorProto.Types.DataType.Float,
        DataLocation = TensorProto.Types.DataLocation.External,
        Dims = { 6 },
        ExternalData =
        {
            Entry("location", location),
            offset is null ? [] : new[] { Entry("offset", offset) },
            length is null ? [] : new[] { Entry("length", length) },
        },
    };

    private static StringStringEntryProto Entry(string key, string value) => new() { Key = key, Value = value };

    private ExternalData Resolver() => new(_folder["model/model.onnx"]);

    private TensorProto Resolve(string location, string? offset = null, string? length = null) => Resolver().Resolve(Tensor(location, offset, length));
}
