using MLClassify.Imaging;
using MLClassify.Imaging.Encoding;
using MLClassify.Imaging.Resizing;

namespace MLClassify.Datasets.Tests;

public sealed class NearDuplicatesTests
{
    private static readonly byte[][] ShapeColors = [[200, 60, 50], [50, 90, 200], [60, 170, 70]];

    [Theory]
    [InlineData(0.9)]
    [InlineData(0.8)]
    [InlineData(0.75)]
    public void Find_FiveCropsEachOfPhotos_GroupsThemAndNoOthers(double share)
    {
        ImageSample[] crops = [.. Enumerable.Range(0, 120).SelectMany(photo =>
        {
            Image whole = PaintedPhotos.Paint(160, 120, photo);
            return Enumerable.Range(0, 5).Select(crop => Sample($"{photo:000}_{crop}", PaintedPhotos.Crop(whole, share, (photo * 5) + crop)));
        })];
        NearDuplicates found = NearDuplicates.Find(new ImageDataset(["a"], crops));
        Assert.All(found.Groups, group => Assert.Single(group.Select(sample => sample.Path[..3]).Distinct()));
        int together = found.Groups.Sum(group => group.Count);
        Assert.True(together >= 570 && found.Groups.Count <= 126, $"{together} images in {found.Groups.Count} groups");
    }

    [Fact]
    public void Find_CopiesInOtherSizesAndQualities_AreGrouped()
    {
        Image photo = PaintedPhotos.Paint(300, 200, 1);
        NearDuplicates found = NearDuplicates.Find(new ImageDataset(["a"],
        [
            Sample("photo", photo),
            Sample("smaller", ImageResizer.Resize(photo, 150, 100)),
            Sample("squashed", ImageResizer.Resize(photo, 224, 180)),
            ImageSample.FromBytes("saved", JpegEncoder.Encode(photo, new JpegEncoderOptions { Quality = 40 }), 0),
            Sample("other", PaintedPhotos.Paint(300, 200, 2)),
        ]));
        Assert.Equal(["photo", "smaller", "squashed", "saved"], Assert.Single(found.Groups).Select(sample => sample.Path));
    }

    [Fact]
    public void Find_UniformPicturesAndNoise_AreNotGrouped()
    {
        IEnumerable<ImageSample> blank = Enumerable.Range(0, 20).Select(i => Sample($"blank{i}", TestImages.Uniform(64, 64, 240, 240, 235)));
        IEnumerable<ImageSample> noise = Enumerable.Range(0, 20).Select(i => Sample($"noise{i}", TestImages.Noise(64, 64, 100_000 * i)));
        Assert.Empty(NearDuplicates.Find(new ImageDataset(["a"], [.. blank, .. noise])).Groups);
    }

    // Drawings that share an outline, and nothing else: what is around it differs from image to image, be it ever so faint.
    [Theory]
    [InlineData(64, 12)]
    [InlineData(160, 12)]
    [InlineData(160, 40)]
    [InlineData(480, 25)]
    public void Find_SimpleShapesOnNoise_AreNotGrouped(int side, int noise)
    {
        NearDuplicates found = NearDuplicates.Find(new ImageDataset(["a"], Enumerable.Range(0, 80).Select(i => Sample($"shape{i:00}", Shape(side, noise, i)))));
        Assert.True(found.Groups.Sum(group => group.Count) + found.Alike <= 4, $"{found.Groups.Sum(group => group.Count)} in groups, {found.Alike} alike");
    }

    [Fact]
    public void Find_PagesOfText_AreNotGrouped()
    {
        Assert.Empty(NearDuplicates.Find(new ImageDataset(["a"], Enumerable.Range(0, 60).Select(i => Sample($"page{i}", Page(i))))).Groups);
    }

    [Fact]
    public void Find_OneScene_IsCountedAndNotGrouped()
    {
        // A fixed camera: the same background, and a small thing that differs.
        ImageSample[] views = [.. Enumerable.Range(0, 40).Select(i =>
        {
            Image scene = PaintedPhotos.Paint(160, 120, 7);
            PaintedPhotos.Paint(10, 10, i).Row(0).CopyTo(scene.Row(60)[(3 * (20 + i))..]);
            return Sample($"view{i:00}", scene);
        })];
        NearDuplicates found = NearDuplicates.Find(new ImageDataset(["a"], views));
        Assert.Empty(found.Groups);
        Assert.Equal(40, found.Alike);
    }

    [Fact]
    public void Find_AnyNumberOfThreads_FindsTheSame()
    {
        ImageSample[] crops = [.. Enumerable.Range(0, 30).Select(i => Sample($"{i:00}", PaintedPhotos.Crop(PaintedPhotos.Paint(160, 120, i / 3), 0.85, i)))];
        var images = new ImageDataset(["a"], crops);
        string Text(int threads) => string.Join(';', NearDuplicates.Find(images, threads).Groups.Select(group => string.Join(',', group)));
        Assert.Equal(Text(1), Text(4));
    }

    private static ImageSample Sample(string name, Image image)
    {
        using var stream = new MemoryStream();
        JpegEncoder.Encode(image, stream, new JpegEncoderOptions { Quality = 90 });
        return ImageSample.FromBytes(name, stream.ToArray(), 0);
    }

    // A disk, a square or an arrow in one of a few colors, somewhere near the middle.
    private static Image Shape(int side, int noise, int seed)
    {
        var random = new Random(seed);
        var image = new Image(side, side);
        int radius = (int)(side * (0.2 + (0.12 * random.NextDouble())));
        (int x0, int y0) = ((side / 2) + random.Next(-side / 8, side / 8), (side / 2) + random.Next(-side / 8, side / 8));
        byte[] color = ShapeColors[random.Next(3)];
        for (int y = 0; y < side; y++)
        {
            for (int x = 0; x < side; x++)
            {
                (int dx, int dy) = (x - x0, y - y0);
                bool isInside = (seed % 3) switch
                {
                    0 => (dx * dx) + (dy * dy) <= radius * radius,
                    1 => Math.Max(Math.Abs(dx), Math.Abs(dy)) <= radius,
                    _ => (Math.Abs(dy) <= radius / 4 && Math.Abs(dx) <= radius) || (dx > 0 && dx <= radius && Math.Abs(dy) <= radius - dx),
                };
                for (int c = 0; c < 3; c++)
                {
                    image.Row(y)[(3 * x) + c] = (byte)Math.Clamp((isInside ? color[c] : 190) + random.Next(-noise, noise + 1), 0, 255);
                }
            }
        }

        return image;
    }

    // Lines of words, whose letters are boxes.
    private static Image Page(int seed)
    {
        var random = new Random(seed);
        Image page = TestImages.Uniform(210, 297, 250, 250, 250);
        for (int line = 20; line < 270; line += 10)
        {
            for (int x = 20; x < 190; x += 4)
            {
                if (random.Next(6) > 0)
                {
                    for (int y = line + random.Next(3); y < line + 6; y++)
                    {
                        page.Row(y).Slice(3 * x, 9).Fill(20);
                    }
                }
            }
        }

        return page;
    }
}
