using FsCheck;
using FsCheck.Fluent;

namespace MLClassify.Imaging.Tests.Png;

public class PngRoundTripTests
{
    [Fact]
    public void Decode_RandomImagesOfEveryKind_GivesTheirPixels()
    {
        // The seed stands for a whole image: sides, samples, filters, palette, IDAT lengths.
        Gen<(int Kind, bool Interlaced, int Seed)> cases =
            from kind in Gen.Choose(0, PngImage.KindCount - 1)
            from interlaced in Gen.Elements(false, true)
            from seed in Gen.Choose(0, int.MaxValue - 1)
            select (kind, interlaced, seed);

        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var random = new Random(c.Seed);
            PngImage source = PngImage.Create(random, c.Kind, c.Interlaced, 1 + random.Next(20), 1 + random.Next(20));
            Image image = Image.Decode(source.Encode(random));
            return image.Width == source.Width && image.Height == source.Height && image.Pixels.SequenceEqual(source.ExpectedRgb());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(600).WithReplay(20240501, 1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Decode_EverySmallSizeOfEveryKind_GivesItsPixels(bool interlaced)
    {
        var random = new Random(5);
        for (int kind = 0; kind < PngImage.KindCount; kind++)
        {
            for (int size = 0; size < 81; size++)
            {
                PngImage source = PngImage.Create(random, kind, interlaced, 1 + (size % 9), 1 + (size / 9));

                Image image = Image.Decode(source.Encode(random));

                Assert.True(
                    image.Pixels.SequenceEqual(source.ExpectedRgb()),
                    $"{source.ColorType} {source.BitDepth} {source.Width} x {source.Height}");
            }
        }
    }
}
