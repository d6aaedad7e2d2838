using MLClassify.WeightFiles.Onnx;
using MLClassify.WeightFiles.Onnx.Protobuf;
using MLClassify.WeightFiles.Packages;
using MLClassify.WeightFiles.Tests.Onnx;

namespace MLClassify.WeightFiles.Tests.Packages;

public sealed class PreparationReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_MeanImage_GivesTheAverageOfEachChannel()
    {
        var fake = new FakePackage("cifar_resnet20");
        fake.Write(_folder.Root);

        WeightInput input = PreparationReader.Read(_folder[fake.Package.PreparationFile]);

        // The average of 1,024 numbers below 256, summed in double precision: exact but for the last rounding.
        Assert.True(input.IsReversed);
        Assert.Equal(FakePackage.Mean, new[] { input.Red, input.Green, input.Blue });
    }

    [Fact]
    public void Read_NoReversal_KeepsTheOrder() =>
        Assert.Equal(new WeightInput(false, 1, 2, 3), Read(Model("r g b").Tensor("mean", [3, 1, 1], 1, 2, 3).Node("Sub", "x mean", "y")));

    [Fact]
    public void Read_MeanAlone_IsRead() => Assert.Equal(
        new WeightInput(false, 1, 2, 3), Read(new OnnxModels().Tensor("mean", [1, 3, 1, 1], 1, 2, 3).Node("Sub", "input mean", "y")));

    [Fact]
    public void Read_AnotherOrder_IsRefused() => Refused("another order", Model("g b r").Node("Sub", "x mean", "y").Tensor("mean", [3, 1, 1], 1, 2, 3));

    [Fact]
    public void Read_AnotherOperator_IsRefused() => Refused("Mul", new OnnxModels().Tensor("mean", [3, 1, 1], 1, 2, 3).Node("Mul", "input mean", "y"));

    [Fact]
    public void Read_MeanOfAnotherShape_IsRefused() => Refused("a mean of [4]", new OnnxModels().Tensor("mean", [4], 1, 2, 3, 4).Node("Sub", "input mean", "y"));

    [Fact]
    public void Read_SubtractedFromTheMean_IsRefused() => Refused("Sub", new OnnxModels().Tensor("mean", [3, 1, 1], 1, 2, 3).Node("Sub", "mean input", "y"));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(300)]
    public void Read_MeanThatIsNoByte_IsDamage(float value) => Assert.Contains(
        "mean image", Assert.Throws<InvalidWeightsException>(() => Read(new OnnxModels().Tensor("mean", [3, 1, 1], 1, value, 3).Node("Sub", "input mean", "y"))).Message);

    private static OnnxModels Model(string channels) => new OnnxModels()
        .Node("Split", "input", "r g b", AttributeProto.Of("axis", 1L)).Node("Concat", channels, "x", AttributeProto.Of("axis", 1L));

    private void Refused(string expected, OnnxModels model) => Assert.Contains(expected, Assert.Throws<UnsupportedOnnxException>(() => Read(model)).Message);

    private WeightInput Read(OnnxModels model)
    {
        File.WriteAllBytes(_folder["model.onnx"], model.Bytes("y"));
        return PreparationReader.Read(_folder["model.onnx"]);
    }
}
