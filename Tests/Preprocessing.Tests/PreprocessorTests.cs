using System.Globalization;
using System.Runtime.InteropServices;
using MLClassify.Common;
using MLClassify.Imaging;
using MLClassify.Imaging.Resizing;
using MLClassify.Preprocessing.Augmentation;

namespace MLClassify.Preprocessing.Tests;

public class PreprocessorTests
{
    private static readonly GoldenFolder Folder = new("Preprocessing.Tests/Golden");

    public static TheoryData<string> Golden() => new(Folder.Lines("preprocess_golden.csv").Skip(1));

    // The bytes are Pillow's; what is left is the rounding of a product and a sum of magnitude below 4, a few 2^-23 each.
    [Theory]
    [MemberData(nameof(Golden))]
    public void Apply_GoldenCase_IsTorchvisions(string line)
    {
        string[] fields = line.Split(',');
        int Number(int field) => int.Parse(fields[field], CultureInfo.InvariantCulture);
        PreprocessingSpec spec = new PreprocessingSpec
        {
            Resize = SpecNames.ResizeRule(fields[3]),
            ResizeSize = Number(4),
            CropSize = Number(5),
            Interpolation = SpecNames.Interpolation(fields[6]),
            ChannelOrder = SpecNames.ChannelOrder(fields[8]),
        }.WithNormalization(Normalization.Parse(fields[7]));

        float[] result = Apply(spec, TestImages.Noise(Number(1), Number(2)));

        float[] expected = MemoryMarshal.Cast<byte, float>(Folder.Bytes(fields[0] + ".bin")).ToArray();
        int step = Number(9);
        Assert.Equal((result.Length + step - 1) / step, expected.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], result[i * step], 2e-6f);
        }
    }

    [Theory]
    [InlineData(1, 100_000)]
    [InlineData(100_000, 1)]
    [InlineData(1, 1)]
    public void Apply_ExtremeProportions_GivesTheImagesColor(int width, int height)
    {
        var image = new Image(width, height);
        image.Pixels.Fill(51);

        float[] result = Apply(new PreprocessingSpec().WithNormalization(Normalization.None), image);

        Assert.All(result, value => Assert.Equal(0.2f, value, 1e-6f));
    }

    [Fact]
    public void Apply_Flip_MirrorsTheOutput()
    {
        PreprocessingSpec spec = Small();
        Image image = TestImages.Noise(30, 20);
        float[] straight = Apply(spec, image);
        float[] flipped = new float[straight.Length];

        new Preprocessor(spec).Apply(image, new ImageView { FlipHorizontally = true }, flipped);

        int size = spec.CropSize;
        for (int i = 0; i < straight.Length; i++)
        {
            int c = i % 3;
            int x = i / 3 % size;
            int y = i / 3 / size;
            Assert.Equal(straight[i], flipped[(((y * size) + (size - 1 - x)) * 3) + c]);
        }
    }

    [Theory]
    [InlineData(CropPosition.TopLeft, 0, 0)]
    [InlineData(CropPosition.TopRight, 14, 0)]
    [InlineData(CropPosition.BottomLeft, 0, 4)]
    [InlineData(CropPosition.BottomRight, 14, 4)]
    [InlineData(CropPosition.Center, 7, 2)]
    public void Apply_Position_CutsThere(CropPosition position, int x, int y)
    {
        var spec = new PreprocessingSpec { Resize = ResizeRule.None, CropSize = 16 };
        Image image = TestImages.Noise(30, 20);
        float[] result = new float[16 * 16 * 3];

        new Preprocessor(spec).Apply(image, new ImageView { Position = position }, result);

        Assert.Equal(Apply(spec, ImageCropper.Crop(image, new PixelRectangle(x, y, 16, 16))), result);
    }

    [Fact]
    public void Apply_Region_StretchesIt()
    {
        PreprocessingSpec spec = Small();
        Image image = TestImages.Noise(30, 20);
        var region = new PixelRectangle(3, 4, 11, 9);
        float[] result = new float[16 * 16 * 3];

        new Preprocessor(spec).Apply(image, new ImageView { Region = region }, result);

        Image stretched = ImageResizer.Resize(ImageCropper.Crop(image, region), 16, 16);
        Assert.Equal(Apply(spec with { Resize = ResizeRule.None }, stretched), result);
    }

    [Fact]
    public void TenCrop_Views_AreTenDifferent() => Assert.Equal(10, ImageView.TenCrop.Distinct().Count());

    [Fact]
    public void Apply_PixelAugmentation_RunsAfterTheGeometricOnes()
    {
        PreprocessingSpec spec = Small().WithNormalization(Normalization.None);
        var policy = new AugmentationPolicy("test", [new RandomHorizontalFlip(1)], [new Inverted()]);
        Image image = TestImages.Noise(30, 20);
        float[] flipped = new float[16 * 16 * 3];
        float[] result = new float[flipped.Length];
        var random = new CounterRandom(1);

        new Preprocessor(spec).Apply(image, new ImageView { FlipHorizontally = true }, flipped);
        new Preprocessor(spec).Apply(image, policy, ref random, result);

        Assert.All(flipped.Zip(result), pair => Assert.Equal(1f, pair.First + pair.Second, 1e-6f));
    }

    [Fact]
    public void Apply_SteadyState_AllocatesNothing()
    {
        var preprocessor = new Preprocessor(Small());
        Image image = TestImages.Noise(300, 200);
        float[] result = new float[preprocessor.ValueCount];
        Repeat(preprocessor, image, result);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Repeat(preprocessor, image, result);

        // The pool may have been trimmed by a collection in between; an image each time it may not be.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);

        static void Repeat(Preprocessor preprocessor, Image image, float[] result)
        {
            var random = new CounterRandom(1);
            for (int i = 0; i < 50; i++)
            {
                preprocessor.Apply(image, result);
                preprocessor.Apply(image, AugmentationPolicy.Standard, ref random, result);
            }
        }
    }

    [Fact]
    public void Apply_Image_LeavesItUnchanged()
    {
        Image image = TestImages.Noise(16, 16);
        byte[] before = image.Pixels.ToArray();

        Apply(new PreprocessingSpec { Resize = ResizeRule.None, CropSize = 16, ChannelOrder = ChannelOrder.Bgr }, image);

        Assert.Equal(before, image.Pixels.ToArray());
    }

    [Fact]
    public void Apply_OtherLength_Throws()
    {
        var preprocessor = new Preprocessor(Small());

        var error = Assert.Throws<ArgumentException>(() => preprocessor.Apply(TestImages.Noise(5, 5), new float[769]));

        Assert.Contains("768", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Preprocessor_InvalidSpec_Throws() =>
        Assert.Throws<ArgumentException>(() => new Preprocessor(new PreprocessingSpec { CropSize = 0 }));

    private static PreprocessingSpec Small() => new() { ResizeSize = 18, CropSize = 16 };

    private static float[] Apply(PreprocessingSpec spec, Image image)
    {
        var preprocessor = new Preprocessor(spec);
        float[] result = new float[preprocessor.ValueCount];
        preprocessor.Apply(image, result);
        return result;
    }

    private sealed class Inverted : IPixelAugmentation
    {
        public void Apply(Span<byte> pixels, int width, int height, ref CounterRandom random)
        {
            for (int i = 0; i < pixels.Length; i++)
            {
                pixels[i] = (byte)(255 - pixels[i]);
            }
        }
    }
}
