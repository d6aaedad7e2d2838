using MLClassify.Common;
using MLClassify.Imaging;
using MLClassify.Imaging.Encoding;
using MLClassify.Imaging.Resizing;
using MLClassify.Preprocessing.Augmentation;

namespace MLClassify.Preprocessing.Tests.Spec;

public class ImageFitTests
{
    private static readonly PreprocessingSpec Plain = PreprocessingSpec.ImageNet(32).WithNormalization(Normalization.None);

    [Theory]
    [InlineData(ImageFit.Crop, ResizeRule.ShortSide, 37)]
    [InlineData(ImageFit.Squash, ResizeRule.Stretch, 32)]
    [InlineData(ImageFit.Pad, ResizeRule.Pad, 32)]
    public void WithFit_Default_SaysHowAndIsReadBack(ImageFit fit, ResizeRule rule, int size)
    {
        PreprocessingSpec spec = PreprocessingSpec.ImageNet(32).WithFit(fit);
        Assert.Equal((rule, size, 32), (spec.Resize, spec.ResizeSize, spec.CropSize));
        Assert.Equal(spec, PreprocessingSpec.FromJson(spec.ToJson()));
        Assert.Equal(spec, spec.WithFit(fit));
    }

    [Fact]
    public void WithFit_CropAfterSquash_IsTheLargestSquare()
    {
        PreprocessingSpec spec = Plain.WithFit(ImageFit.Squash).WithFit(ImageFit.Crop);
        Assert.Equal((ResizeRule.ShortSide, 32), (spec.Resize, spec.ResizeSize));
    }

    [Fact]
    public void Apply_Pad_KeepsProportionsBetweenBordersOfTheMeanColor()
    {
        PreprocessingSpec spec = PreprocessingSpec.ImageNet(32).WithFit(ImageFit.Pad);
        float[] input = Apply(spec, TestImages.Uniform(64, 16, 255, 255, 255));
        for (int y = 0; y < 32; y++)
        {
            bool isImage = y is >= 12 and < 20;
            for (int x = 0; x < 32 * 3; x++)
            {
                float value = input[(y * 32 * 3) + x];

                // A byte's rounding, over the smallest deviation.
                Assert.True(isImage ? value > 2 : Math.Abs(value) < 0.5 / 255 / 0.224, $"{value} in row {y}");
            }
        }
    }

    [Theory]
    [InlineData(100, 40)]
    [InlineData(40, 100)]
    [InlineData(1000, 1)]
    public void Apply_PadOfSquashedProportions_IsTheImageResizedAlone(int width, int height)
    {
        Image image = TestImages.Noise(width, height);
        float[] padded = Apply(Plain.WithFit(ImageFit.Pad), image);
        int across = Math.Max(32 * width / Math.Max(width, height), 1);
        int down = Math.Max(32 * height / Math.Max(width, height), 1);
        Image alone = ImageResizer.Resize(image, across, down);
        for (int y = 0; y < down; y++)
        {
            for (int x = 0; x < across * 3; x++)
            {
                int at = ((y + ((32 - down) / 2)) * 32 * 3) + x + ((32 - across) / 2 * 3);
                Assert.Equal(alone.Row(y)[x] / 255f, padded[at], 5);
            }
        }
    }

    // A strip's random parts are strips: with the network's proportions they would all be the middle 80 of its 1000 pixels.
    [Theory]
    [InlineData(ImageFit.Squash)]
    [InlineData(ImageFit.Pad)]
    public void Apply_RandomCropOfAStrip_ReachesItsEnds(ImageFit fit)
    {
        var image = new Image(1000, 60);
        for (int y = 0; y < 60; y++)
        {
            image.Row(y)[..(3 * 100)].Fill(255);
            image.Row(y)[(3 * 900)..].Fill(255);
        }

        var preprocessor = new Preprocessor(Plain.WithFit(fit));
        float[] input = new float[preprocessor.ValueCount];
        int reached = 0;
        for (int i = 0; i < 50; i++)
        {
            var random = new CounterRandom(7, i);
            preprocessor.Apply(image, AugmentationPolicy.Standard, ref random, input);
            reached += input.Max() > 0.9 ? 1 : 0;
        }

        Assert.InRange(reached, 25, 50);
    }

    // A part in the image's own proportions stays there between borders, as the whole does.
    [Fact]
    public void Apply_PartOfAPaddedImage_KeepsItsProportions()
    {
        var preprocessor = new Preprocessor(Plain.WithFit(ImageFit.Pad));
        float[] input = new float[preprocessor.ValueCount];
        preprocessor.Apply(TestImages.Uniform(100, 100, 255, 255, 255), new ImageView { Region = new PixelRectangle(10, 10, 80, 20) }, input);
        Assert.Equal(32 * 8 * 3, input.Count(value => value > 0.9));
    }

    [Fact]
    public void InputAuditOf_Strips_SaysWhatIsLostAndWhatToDo()
    {
        using var folder = new TemporaryFolder();
        ImageDataset images = Write(folder, (1000, 60), (1000, 60), (100, 100));
        InputAudit crop = InputAudit.Of(images, PreprocessingSpec.ImageNet())!;

        // 224 of 256 pixels of the short side, and as many of 4266.
        Assert.Equal(1 - (224.0 / 256 * 224 / 4266), crop.Median, 4);
        Assert.Equal(crop.Median, crop.Worst);
        Assert.Equal(16.7, crop.LargestRatio, 1);
        Assert.Equal(3, crop.Images);
        Assert.Contains("leaves out 95 % of the median image", crop.ToString());
        Assert.Contains("up to 16.7 : 1", Assert.Single(crop.Warnings));
        Assert.Contains("Input.Fit Squash", crop.Warnings[0]);

        foreach (ImageFit fit in new[] { ImageFit.Squash, ImageFit.Pad })
        {
            InputAudit whole = InputAudit.Of(images, PreprocessingSpec.ImageNet().WithFit(fit))!;
            Assert.Equal((0, 0), (whole.Median, whole.Worst));
            Assert.Empty(whole.Warnings);
            Assert.Equal("the network sees all of every image", whole.ToString());
        }
    }

    [Theory]
    [InlineData(300, 200, 0)]
    [InlineData(200, 300, 0)]
    [InlineData(32, 32, 0)]
    [InlineData(8, 8, 1)]
    public void InputAuditOf_UsualImages_WarnsOfTinyOnesOnly(int width, int height, int warnings)
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(warnings, InputAudit.Of(Write(folder, (width, height)), PreprocessingSpec.ImageNet())!.Warnings.Count);
    }

    [Fact]
    public void InputAuditOf_NothingReadable_IsNull() =>
        Assert.Null(InputAudit.Of(new ImageDataset(["a"], [ImageSample.FromBytes("a", new byte[100], 0), new ImageSample("gone.png", 0)]), PreprocessingSpec.ImageNet()));

    private static ImageDataset Write(TemporaryFolder folder, params (int Width, int Height)[] sizes)
    {
        var samples = new List<ImageSample>();
        foreach ((int width, int height) in sizes)
        {
            string path = Path.Combine(folder.Root, $"{samples.Count}.{(samples.Count % 2 == 0 ? "png" : "jpg")}");
            ImageEncoder.Save(path, TestImages.Uniform(width, height, 9, 9, 9));
            samples.Add(new ImageSample(path, 0));
        }

        return new ImageDataset(["a"], samples);
    }

    private static float[] Apply(PreprocessingSpec spec, Image image)
    {
        var preprocessor = new Preprocessor(spec);
        float[] input = new float[preprocessor.ValueCount];
        preprocessor.Apply(image, input);
        return input;
    }
}
