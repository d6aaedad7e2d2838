using MLClassify.Networks.Onnx.Protobuf;

namespace MLClassify.Networks.Tests.Onnx.Protobuf;

public sealed class ModelWriterTests
{
    [Theory]
    [InlineData(new long[] { 1 << 15, 1 << 14 })]
    [InlineData(new long[] { 1 << 15, (1 << 14) - 1 })]
    [InlineData(new long[] { 1L << 40 })]
    public void Write_MoreThanProtocolBuffersHold_IsRefusedBeforeAnythingIsMade(long[] dimensions)
    {
        using var folder = new TemporaryFolder();
        string path = folder["large.onnx"];
        TensorProto Tensor(string name) => MemoryTensorContent.Tensor(name, dimensions, () => throw new InvalidOperationException("made"));
        NotSupportedException error = Assert.Throws<NotSupportedException>(() => ModelWriter.Write(path, Model(Tensor("a"), Tensor("b"))));
        Assert.Contains("too large for one ONNX file", error.Message);
        Assert.Empty(Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void Write_ValuesFailHalfWay_KeepsTheOldFile()
    {
        using var folder = new TemporaryFolder();
        string path = folder["model.onnx"];
        File.WriteAllText(path, "old");
        ModelProto model = Model(
            MemoryTensorContent.Tensor("a", [1000], () => new float[1000]),
            MemoryTensorContent.Tensor("b", [4], () => new float[3]));
        Assert.Throws<InvalidOperationException>(() => ModelWriter.Write(path, model));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void Write_TensorsMadeInTurn_AreAskedForOnce()
    {
        var asked = new List<string>();
        TensorProto Tensor(string name) => MemoryTensorContent.Tensor(name, [1], () =>
        {
            asked.Add(name);
            return [1f];
        });
        OnnxBytes.Write(Model(Tensor("a"), Tensor("b"), Tensor("c")));
        Assert.Equal(["a", "b", "c"], asked);
    }

    private static ModelProto Model(params TensorProto[] tensors) => new()
    {
        IrVersion = 8,
        OpsetImports = [new OperatorSet("", 17)],
        Graph = new GraphProto { Nodes = [], Inputs = [], Outputs = [], Initializers = tensors },
    };
}
