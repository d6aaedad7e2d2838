using MLClassify.Engines.Torch.Loading;

namespace MLClassify.Engines.Torch.Tests.Loading;

/// <summary>What is wrong with a driver has one line that names it. These need no driver.</summary>
public class CudaDriverTests
{
    [Theory]
    [InlineData(11_040, 0, "the NVIDIA driver is too old: it serves CUDA 11.4, and libtorch 2.10 wants 12.0 or newer")]
    [InlineData(12_080, 100, "the NVIDIA driver finds no card")]
    [InlineData(13_000, 999, "the NVIDIA driver does not start (error 999)")]
    [InlineData(13_000, 0, null)]
    public void Problem_Answers_NameTheCause(int version, int status, string? expected) => Assert.Equal(expected, CudaDriver.Problem(version, () => status));

    [Fact]
    public void Problem_DriverThatIsTooOld_IsNotStarted() =>
        Assert.NotNull(CudaDriver.Problem(11_040, () => throw new InvalidOperationException("It was started.")));
}
