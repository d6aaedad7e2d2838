using MLClassify.Imaging.Png;

namespace MLClassify.Imaging.Tests.Png;

public class PngUnfilterTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Apply_AnyLengthAndDistance_MatchesTheDefinition(int filter)
    {
        var random = new Random(filter);
        foreach (int distance in new[] { 1, 2, 3, 4, 6, 8 })
        {
            // Below, at and above one and two vectors of up to 64 bytes, and shorter than a pixel.
            for (int length = 1; length <= 140; length++)
            {
                var filtered = new byte[length];
                var above = new byte[length];
                random.NextBytes(filtered);
                random.NextBytes(above);
                byte[] expected = SlowFilter.Decode(filter, filtered, above, distance);

                byte[] row = filtered.ToArray();
                PngUnfilter.Apply(filter, row, above, distance);

                Assert.Equal(expected, row);
            }
        }
    }
}
