using System.Globalization;
using MLClassify.Common;
using MLClassify.Imaging;
using MLClassify.Imaging.Resizing;
using MLClassify.Preprocessing.Augmentation;
using MLClassify.Preprocessing.Augmentation.Pixels;

namespace MLClassify.Preprocessing.Tests.Augmentation;

/// <summary>Every operation against torchvision 0.14 and Pillow; <c>Golden/make_augmentation_golden.py</c> made the files.</summary>
public class AugmentationGoldenTests
{
    // These compute in whole numbers, so they must agree in every byte. The others differ in rounding: Pillow cuts off the fraction of a
    // blend and of a bilinear sum where it is rounded here, which is less than one level.
    private static readonly string[] Exact = ["posterize", "solarize", "equalize", "translate_whole", "pad_crop", "erase", "pca"];

    private static readonly GoldenFolder Folder = new("Preprocessing.Tests/Golden");

    public static TheoryData<string> Golden() => new(Folder.Lines("augmentation_golden.csv").Skip(1));

    [Theory]
    [MemberData(nameof(Golden))]
    public void Operation_GoldenCase_IsTorchvisions(string line)
    {
        string[] fields = line.Split(',');
        int width = int.Parse(fields[2], CultureInfo.InvariantCulture);
        int height = int.Parse(fields[3], CultureInfo.InvariantCulture);
        Image image = TestImages.Noise(width, height);
        if (fields[1] == "soft")
        {
            Soften(image.Pixels);
        }

        double[] values = [.. fields[4].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => double.Parse(v, CultureInfo.InvariantCulture))];
        Apply(fields[0], values, image);

        byte[] expected = Folder.Bytes("augmentation.bin")
            .AsSpan(int.Parse(fields[5], CultureInfo.InvariantCulture), image.Pixels.Length).ToArray();
        int tolerance = Exact.Contains(fields[0]) ? 0 : 1;
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(
                Math.Abs(expected[i] - image.Pixels[i]) <= tolerance,
                $"x {i / 3 % width}, y {i / 3 / width}, channel {i % 3}: {image.Pixels[i]}, expected {expected[i]}");
        }
    }

    private static void Soften(Span<byte> pixels)
    {
        foreach (ref byte value in pixels)
        {
            value = (byte)(40 + (value * 5 / 8));
        }
    }

    private static void Apply(string operation, double[] values, Image image)
    {
        Span<byte> pixels = image.Pixels;
        int width = image.Width;
        int height = image.Height;
        switch (operation)
        {
            case "brightness":
                ColorOperations.AdjustBrightness(pixels, values[0]);
                break;
            case "contrast":
                ColorOperations.AdjustContrast(pixels, values[0]);
                break;
            case "saturation":
                ColorOperations.AdjustSaturation(pixels, values[0]);
                break;
            case "hue":
                HueRotation.Apply(pixels, values[0]);
                break;
            case "sharpness":
                Sharpening.Apply(pixels, width, height, values[0]);
                break;
            case "posterize":
                ToneOperations.Posterize(pixels, (int)values[0]);
                break;
            case "solarize":
                ToneOperations.Solarize(pixels, values[0]);
                break;
            case "autocontrast":
                ToneOperations.AutoContrast(pixels);
                break;
            case "equalize":
                ToneOperations.Equalize(pixels);
                break;
            case "erase":
                var random = new CounterRandom(1);
                var area = new PixelRectangle((int)values[0], (int)values[1], (int)values[2], (int)values[3]);
                RandomErasing.Erase(pixels, width, area, ErasingValue.Mean, ref random);
                break;
            case "pca":
                PcaLighting.Add(pixels, values[0], values[1], values[2]);
                break;
            default:
                Move(operation, values, pixels, width, height);
                break;
        }
    }

    private static void Move(string operation, double[] values, Span<byte> pixels, int width, int height)
    {
        if (operation == "pad_crop")
        {
            PixelShift.Apply(pixels, width, height, (int)values[0], (int)values[1], default);
            return;
        }

        AffineMap map = operation switch
        {
            "rotate" or "rotate_black" => AffineMap.Rotation(values[0], width, height),
            "shear_x" => AffineMap.ShearX(values[0]),
            "shear_y" => AffineMap.ShearY(values[0]),
            "translate" or "translate_whole" => AffineMap.Translation(values[0], values[1]),
            _ => throw new ArgumentException(operation),
        };
        AffineSampler.Apply(pixels, width, height, map, operation == "rotate_black" ? default : RgbColor.ImageNetMean);
    }
}
