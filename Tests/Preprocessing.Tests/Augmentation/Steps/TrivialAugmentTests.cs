using MLClassify.Preprocessing.Augmentation;
using MLClassify.Preprocessing.Augmentation.Pixels;

namespace MLClassify.Preprocessing.Tests.Augmentation;

public class TrivialAugmentTests
{
    [Fact]
    public void Apply_ManyDraws_IsAlwaysOneOfTheOperations()
    {
        // Large enough for equalizing and pale enough for automatic contrast to change it.
        byte[] image = [.. TestImages.Noise(32, 24).Pixels.ToArray().Select(v => (byte)(30 + (v / 2)))];
        var operations = new Dictionary<string, TrivialOperation>();
        foreach (TrivialOperation operation in Enum.GetValues<TrivialOperation>())
        {
            for (int level = 0; level < TrivialOperations.Levels; level++)
            {
                operations.TryAdd(Result(operation, level, isNegative: false), operation);
                operations.TryAdd(Result(operation, level, isNegative: true), operation);
            }
        }

        var seen = new HashSet<TrivialOperation>();
        for (int i = 0; i < 1000; i++)
        {
            seen.Add(operations[Convert.ToHexString(AugmentationRuns.Run(new TrivialAugment(), image, 32, 24, i))]);
        }

        Assert.Equal(TrivialOperations.Count, seen.Count);

        string Result(TrivialOperation operation, int level, bool isNegative)
        {
            byte[] result = [.. image];
            TrivialOperations.Apply(operation, level, isNegative, result, 32, 24, RgbColor.ImageNetMean);
            return Convert.ToHexString(result);
        }
    }

    // Level 0 of every operation with a strength leaves the image as it is.
    [Theory]
    [InlineData((int)TrivialOperation.Identity)]
    [InlineData((int)TrivialOperation.ShearX)]
    [InlineData((int)TrivialOperation.ShearY)]
    [InlineData((int)TrivialOperation.TranslateX)]
    [InlineData((int)TrivialOperation.TranslateY)]
    [InlineData((int)TrivialOperation.Rotate)]
    [InlineData((int)TrivialOperation.Brightness)]
    [InlineData((int)TrivialOperation.Color)]
    [InlineData((int)TrivialOperation.Contrast)]
    [InlineData((int)TrivialOperation.Sharpness)]
    [InlineData((int)TrivialOperation.Posterize)]
    public void Apply_Level0_ChangesNothing(int operation)
    {
        byte[] image = TestImages.Noise(12, 10).Pixels.ToArray();
        byte[] result = [.. image];

        TrivialOperations.Apply((TrivialOperation)operation, 0, isNegative: true, result, 12, 10, RgbColor.ImageNetMean);

        Assert.Equal(image, result);
    }

    // torchvision: bits 8 - round(level / 5), threshold 255 - 8.5 level.
    [Theory]
    [InlineData(30, 2)]
    [InlineData(15, 5)]
    [InlineData(2, 8)]
    [InlineData(3, 7)]
    public void Apply_Posterize_KeepsTheLevelsBits(int level, int bits)
    {
        byte[] found = [.. Enumerable.Range(0, 255).Select(i => (byte)i)];
        byte[] expected = [.. found];

        TrivialOperations.Apply(TrivialOperation.Posterize, level, isNegative: false, found, 85, 1, default);
        ToneOperations.Posterize(expected, bits);

        Assert.Equal(expected, found);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 7)]
    [InlineData(7, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    public void Apply_TinyImages_AnyOperationAtAnyLevelWorks(int width, int height)
    {
        foreach (TrivialOperation operation in Enum.GetValues<TrivialOperation>())
        {
            for (int level = 0; level < TrivialOperations.Levels; level++)
            {
                byte[] pixels = AugmentationRuns.Flat(width, height);
                TrivialOperations.Apply(operation, level, level % 2 == 0, pixels, width, height, default);
            }
        }
    }
}
