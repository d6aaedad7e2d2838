namespace MLClassify.Graphs.Tests.Engines;

public class ComputeDeviceTests
{
    [Theory]
    [InlineData("auto", "auto")]
    [InlineData("cpu", "cpu")]
    [InlineData("cuda", "cuda:0")]
    [InlineData("cuda:3", "cuda:3")]
    [InlineData("cuda:all", "cuda:all")]
    [InlineData("mps", "mps")]
    [InlineData("torch-cpu", "torch-cpu")]
    public void Parse_Name_IsWrittenAsItself(string text, string written)
    {
        ComputeDevice device = ComputeDevice.Parse(text);
        Assert.Equal(written, device.ToString());
        Assert.Equal(device, ComputeDevice.Parse(written));
    }

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("CPU")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda: 1")]
    public void Parse_OtherText_NamesWhatIsKnown(string text) =>
        Assert.StartsWith(
            $"The device '{text}' is not known; known: auto, cpu, cuda, cuda:N, cuda:all, mps, torch-cpu.", Assert.Throws<ArgumentException>(() => ComputeDevice.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Cuda_NegativeIndex_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => ComputeDevice.Cuda(-1));
}
