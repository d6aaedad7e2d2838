using MLClassify.Engines;
using MLClassify.Graphs;

namespace MLClassify.Trainers.Tests.Training;

public class BatchMixerTests
{
    private const int Classes = 3;
    private static readonly Shape Shape = new(6, 8, 3);

    [Theory]
    [InlineData(0.4, 0)]
    [InlineData(0, 1)]
    [InlineData(0.4, 1)]
    public void Mix_Batch_KeepsSumsOfPairsAndDistributions(double mixup, double cutMix)
    {
        var mixer = new BatchMixer(Shape, mixup, cutMix, seed: 5);
        int changed = 0;
        for (int batch = 0; batch < 40; batch++)
        {
            (float[] input, float[] targets) = Make(samples: 5);
            float[] before = [.. input];
            mixer.Mix(input, targets, 5, epoch: 2, batch);
            changed += input.SequenceEqual(before) ? 0 : 1;
            for (int i = 0; i < Shape.Count; i++)
            {
                Assert.Equal(before[i] + before[(4 * Shape.Count) + i], input[i] + input[(4 * Shape.Count) + i], 1e-5f);
                Assert.Equal(before[(2 * Shape.Count) + i], input[(2 * Shape.Count) + i]);
            }

            for (int sample = 0; sample < 5; sample++)
            {
                Assert.Equal(1, targets.AsSpan(sample * Classes, Classes).ToArray().Sum(), 1e-6f);
            }
        }

        Assert.InRange(changed, 30, 40);
    }

    // Samples are constant, so the share of an image that comes from the other can be counted.
    [Fact]
    public void Mix_CutMix_TargetsAreTheSharesOfTheArea()
    {
        var mixer = new BatchMixer(Shape, mixup: 0, cutMix: 1, seed: 6);
        for (int batch = 0; batch < 50; batch++)
        {
            float[] input = [.. Enumerable.Repeat(1f, Shape.Count), .. Enumerable.Repeat(2f, Shape.Count)];
            float[] targets = [1, 0, 0, 0, 1, 0];
            mixer.Mix(input, targets, 2, epoch: 0, batch);
            double own = input.Take(Shape.Count).Count(v => v == 1) / (double)Shape.Count;
            Assert.All(input, v => Assert.True(v is 1 or 2));
            Assert.Equal(own, targets[0], 1e-6);
            Assert.Equal(1 - own, targets[1], 1e-6);
            Assert.Equal(own, targets[4], 1e-6);
        }
    }

    [Fact]
    public void Mix_Mixup_SharesOfPixelsAndTargetsAreTheSame()
    {
        var mixer = new BatchMixer(Shape, mixup: 0.5, cutMix: 0, seed: 7);
        var shares = new HashSet<float>();
        for (int batch = 0; batch < 20; batch++)
        {
            float[] input = [.. Enumerable.Repeat(0f, Shape.Count), .. Enumerable.Repeat(1f, Shape.Count)];
            float[] targets = [1, 0, 0, 0, 1, 0];
            mixer.Mix(input, targets, 2, epoch: 1, batch);
            Assert.All(input.Take(Shape.Count), v => Assert.Equal(targets[1], v, 1e-6f));
            shares.Add(targets[0]);
        }

        Assert.Equal(20, shares.Count);
    }

    [Fact]
    public void Mix_SameEpochAndBatch_IsTheSame()
    {
        (float[] first, float[] firstTargets) = Make(4);
        (float[] second, float[] secondTargets) = Make(4);
        new BatchMixer(Shape, 0.3, 0.7, 9).Mix(first, firstTargets, 4, 3, 8);
        new BatchMixer(Shape, 0.3, 0.7, 9).Mix(second, secondTargets, 4, 3, 8);
        Assert.Equal(first, second);
        Assert.Equal(firstTargets, secondTargets);
    }

    private static (float[] Input, float[] Targets) Make(int samples)
    {
        float[] input = [.. Enumerable.Range(0, samples * Shape.Count).Select(i => (float)Math.Sin(i))];
        float[] targets = new float[samples * Classes];
        for (int i = 0; i < samples; i++)
        {
            targets[(i * Classes) + (i % Classes)] = 1;
        }

        return (input, targets);
    }
}
