using MLClassify.Benchmarks.Short;
using MLClassify.Imaging;

namespace MLClassify.Benchmarks.Tests.Short;

/// <summary>Every benchmark runs once: whether it is fast is not a test's affair.</summary>
public class ShortBenchmarksTests
{
    [Fact]
    public void Images_Once_GiveWhatTheirNamesSay()
    {
        var benchmarks = new ImageBenchmarks();
        benchmarks.SetUp();

        Image decoded = benchmarks.DecodeJpeg();
        Assert.Equal((500, 375), (decoded.Width, decoded.Height));
        Assert.NotEmpty(benchmarks.EncodeJpeg());
        Image resized = benchmarks.ResizeShortSide();
        Assert.Equal((341, 256), (resized.Width, resized.Height));
        Assert.All(benchmarks.ResizeCropNormalize(), value => Assert.InRange(value, -3, 3));
        Assert.All(benchmarks.CropNormalize(), value => Assert.InRange(value, -3, 3));
    }

    [DataFact]
    public void Flowers_Once_AreThere()
    {
        var benchmarks = new FlowerBenchmarks();
        benchmarks.SetUp();

        Assert.True(benchmarks.DecodeFlowers() > 60 * 100);
        Assert.NotEmpty(benchmarks.DecodeAndPreprocessFlowers());
    }

    [Fact]
    public void Elementwise_Once_ReadsAndWritesItsOperands()
    {
        using var benchmarks = new ElementwiseBenchmarks { Values = 1 << 12 };
        benchmarks.SetUp();
        benchmarks.Copy();
        benchmarks.Relu();
        benchmarks.Add();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Barrier_Once_Returns(int threads)
    {
        using var benchmarks = new ThreadTeamBenchmarks { Threads = threads };
        benchmarks.SetUp();
        benchmarks.Barrier();
    }

    [Fact]
    public void Short_UnknownFilter_IsOneLine()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        Assert.Equal(2, CommandLine.Run(["short", "no such benchmark"], output, error));
        Assert.Equal("error: no benchmark's name contains 'no such benchmark'", error.ToString().Trim());
    }
}
