using MLClassify.Imaging.Exif;

namespace MLClassify.Imaging.Tests.Exif;

public class OrientationTransformTests
{
    /// <summary>A stored image of two rows, a b c over d e f, and what the standard's figure makes of it.</summary>
    [Theory]
    [InlineData(1, "abc/def")]
    [InlineData(2, "cba/fed")]
    [InlineData(3, "fed/cba")]
    [InlineData(4, "def/abc")]
    [InlineData(5, "ad/be/cf")]
    [InlineData(6, "da/eb/fc")]
    [InlineData(7, "fc/eb/da")]
    [InlineData(8, "cf/be/ad")]
    public void Apply_EachOrientation_PutsPixelsUpright(int orientation, string expected)
    {
        Image stored = new(3, 2);
        for (int i = 0; i < 6; i++)
        {
            stored.Pixels.Slice(3 * i, 3).Fill((byte)('a' + i));
            stored.Pixels[(3 * i) + 2] = (byte)i;
        }

        Image upright = OrientationTransform.Apply(stored, orientation);

        IEnumerable<string> rows = Enumerable.Range(0, upright.Height).Select(y => new string([.. Enumerable.Range(0, upright.Width).Select(x => (char)upright.Row(y)[3 * x])]));
        Assert.Equal(expected, string.Join('/', rows));
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal((upright.Pixels[3 * i], upright.Pixels[3 * i] - 'a'), (upright.Pixels[(3 * i) + 1], upright.Pixels[(3 * i) + 2]));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public void Apply_NoSuchOrientation_Throws(int orientation)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => OrientationTransform.Apply(new Image(1, 1), orientation));
    }
}
