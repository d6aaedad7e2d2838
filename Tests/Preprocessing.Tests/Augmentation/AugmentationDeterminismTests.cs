using MLClassify.Common;
using MLClassify.Imaging;
using MLClassify.Preprocessing.Augmentation;

namespace MLClassify.Preprocessing.Tests.Augmentation;

public class AugmentationDeterminismTests
{
    public static TheoryData<string> Texts() =>
        new(AugmentationPolicy.KnownNames.Concat(AugmentationPolicy.KnownParts).Select(s => s.Name).Distinct());

    [Theory]
    [MemberData(nameof(Texts))]
    public void Apply_SameKeys_GiveTheSameBitsOnAnyThread(string text)
    {
        float[][] expected = [.. Enumerable.Range(0, 24).Select(i => Run(text, i))];
        float[][] found = new float[expected.Length][];

        Parallel.For(0, expected.Length, new ParallelOptions { MaxDegreeOfParallelism = 6 }, i => found[i] = Run(text, i));

        Assert.Equal(expected, found);
        Assert.Equal(text == "none", expected.All(e => e.SequenceEqual(expected[0])));
    }

    // Values before normalization stay multiples of 1/255 in 0..1.
    [Theory]
    [MemberData(nameof(Texts))]
    public void Apply_AnyPolicy_StaysInRange(string text)
    {
        for (int i = 100; i < 130; i++)
        {
            Assert.All(Run(text, i), v => Assert.InRange(v, 0f, 1.0000001f));
        }
    }

    [Fact]
    public void Apply_SteadyState_AllocatesNothing()
    {
        var preprocessor = new Preprocessor(new PreprocessingSpec { ResizeSize = 36, CropSize = 32 });
        AugmentationPolicy policy = AugmentationPolicy.Parse("crop,flip,randomcrop,padcrop,rotate,translate,jitter,pca,trivial,erase:1");
        Image image = TestImages.Noise(80, 60);
        float[] result = new float[preprocessor.ValueCount];
        Repeat();

        long before = GC.GetAllocatedBytesForCurrentThread();
        Repeat();

        // The pool may have been trimmed by a collection in between; an image each time it may not be.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40_000);

        void Repeat()
        {
            var random = new CounterRandom(1);
            for (int i = 0; i < 200; i++)
            {
                preprocessor.Apply(image, policy, ref random, result);
            }
        }
    }

    private static float[] Run(string text, int image)
    {
        var preprocessor = new Preprocessor(new PreprocessingSpec { ResizeSize = 18, CropSize = 16 }.WithNormalization(Normalization.None));
        float[] result = new float[preprocessor.ValueCount];
        var random = new CounterRandom(9, 2, image);
        preprocessor.Apply(TestImages.Noise(30, 25), AugmentationPolicy.Parse(text), ref random, result);
        return result;
    }
}
