using MLClassify.Imaging.Png;

namespace MLClassify.Imaging.Tests.Png;

public class PngCrcTests
{
    [Fact]
    public void Compute_CheckString_GivesThePublishedValue() => Assert.Equal(0xCBF43926u, PngCrc.Compute("123456789"u8));

    [Fact]
    public void Compute_RandomBytes_MatchesTheDefinition()
    {
        var data = new byte[1000];
        new Random(3).NextBytes(data);

        Assert.Equal(SlowCrc32.Of(data), PngCrc.Compute(data));
    }
}
