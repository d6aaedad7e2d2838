using MLClassify.Graphs;
using MLClassify.Graphs.Devices;
using MLClassify.Networks.Onnx;
using MLClassify.Networks.Onnx.Import;
using MLClassify.Networks.Onnx.Protobuf;
using MLClassify.Networks.Weights;

namespace MLClassify.Networks.Tests.Onnx.Import;

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
        TensorProto tensor = Tensor("weights.bin", null, null) with { Dimensions = [1L << 40] };
        Assert.Contains("too large", Assert.Throws<InvalidWeightsException>(() => Resolver().Resolve(tensor)).Message);
    }

    [Fact]
    public void Resolve_EntryTwice_IsRefused()
    {
        TensorProto tensor = Tensor("weights.bin", null, null);
        tensor = tensor with { ExternalData = [.. tensor.ExternalData, KeyValuePair.Create("location", "other.bin")] };
        Assert.Contains("twice", Assert.Throws<InvalidWeightsException>(() => Resolver().Resolve(tensor)).Message);
    }

    [Fact]
    public void Open_ModelWithExternalData_ReadsIt()
    {
        string path = _folder["model/model.onnx"];
        File.WriteAllBytes(path, Model("weights.bin"));
        using OnnxNetwork network = OnnxNetwork.Open(path, 4);
        using Device device = Device.Cpu(1);
        using var parameters = new ParameterSet(network.Graph.Parameters, device);
        network.Load(parameters);

        // MatMul's matrix stands the other way round.
        Assert.Equal([0f, 2, 4, 1, 3, 5], parameters.Export("fc.weight"));
        File.WriteAllBytes(path, Model("../secret.bin"));
        Assert.Throws<InvalidWeightsException>(() => OnnxNetwork.Open(path, 4));
    }

    // The writer writes no external data: a mean and a matrix, by hand.
    private static byte[] Model(string location)
    {
        ProtoWriter Entry(string key, string value)
        {
            var entry = new ProtoWriter();
            entry.String(1, key);
            entry.String(2, value);
            return entry;
        }

        ProtoWriter Node(string operation, string output, params string[] inputs)
        {
            var node = new ProtoWriter();
            foreach (string input in inputs)
            {
                node.String(1, input);
            }

            node.String(2, output);
            node.String(4, operation);
            return node;
        }

        var tensor = new ProtoWriter();
        tensor.Int64(1, 3);
        tensor.Int64(1, 2);
        tensor.Int64(2, 1);
        tensor.String(8, "fc.weight");
        tensor.Message(13, Entry("location", location));
        tensor.Int64(14, 1);
        var dimensions = new ProtoWriter();
        foreach (long side in (long[])[1, 3, 4, 4])
        {
            var dimension = new ProtoWriter();
            dimension.Int64(1, side);
            dimensions.Message(1, dimension);
        }

        var type = new ProtoWriter();
        type.Int64(1, 1);
        type.Message(2, dimensions);
        var outer = new ProtoWriter();
        outer.Message(1, type);
        var input = new ProtoWriter();
        input.String(1, "input");
        input.Message(2, outer);
        var result = new ProtoWriter();
        result.String(1, "logits");
        var graph = new ProtoWriter();
        graph.Message(1, Node("GlobalAveragePool", "pooled", "input"));
        graph.Message(1, Node("Flatten", "features", "pooled"));
        graph.Message(1, Node("MatMul", "logits", "features", "fc.weight"));
        graph.Message(5, tensor);
        graph.Message(11, input);
        graph.Message(12, result);
        var model = new ProtoWriter();
        model.Int64(1, 8);
        model.Message(7, graph);
        using var stream = new MemoryStream();
        model.WriteTo(stream);
        return stream.ToArray();
    }

    private static TensorProto Tensor(string location, string? offset, string? length) => new()
    {
        Name = "w",
        DataType = TensorDataType.Float,
        Dimensions = [6],
        ExternalData =
        [
            KeyValuePair.Create("location", location),
            .. offset is null ? [] : new[] { KeyValuePair.Create("offset", offset) },
            .. length is null ? [] : new[] { KeyValuePair.Create("length", length) },
        ],
    };

    private ExternalData Resolver() => new(_folder["model/model.onnx"]);

    private TensorProto Resolve(string location, string? offset = null, string? length = null) => Resolver().Resolve(Tensor(location, offset, length));
}
