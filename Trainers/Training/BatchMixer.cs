using MLClassify.Common;
using MLClassify.Graphs;

namespace MLClassify.Trainers;

/// <summary>
/// Mixup (Zhang et al. 2018, arXiv:1710.09412) and CutMix (Yun et al. 2019, arXiv:1905.04899) in place: the first sample of a batch with
/// the last, the second with the last but one, and so on; an odd one in the middle stays as it is. Batches come in random order.
/// </summary>
/// <param name="shape">One sample's shape.</param>
/// <param name="mixup">Mixup's alpha; none when 0.</param>
/// <param name="cutMix">CutMix's alpha; none when 0.</param>
/// <param name="seed">Decides, with epoch and batch.</param>
internal sealed class BatchMixer(Shape shape, double mixup, double cutMix, long seed)
{
    // The order of an epoch has the stream's index -1, balanced classes those below: far from both.
    private const long Stream = long.MinValue;

    /// <summary>Mixes a batch.</summary>
    /// <param name="input">The samples, <c>[samples, H, W, C]</c>.</param>
    /// <param name="targets">Their targets, <c>[samples, classes]</c>.</param>
    /// <param name="samples">Samples.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="batch">The batch's number in the epoch.</param>
    public void Mix(Span<float> input, Span<float> targets, int samples, int epoch, int batch)
    {
        var random = new CounterRandom(seed, epoch, Stream + batch);
        bool cuts = cutMix > 0 && (mixup == 0 || random.NextDouble() < 0.5);
        if (!cuts && mixup == 0)
        {
            return;
        }

        double share = BetaDistribution.Next(cuts ? cutMix : mixup, ref random);
        Box box = cuts ? Box.Choose(shape, share, ref random) : default;
        int classes = targets.Length / samples;
        for (int i = 0, j = samples - 1; i < j; i++, j--)
        {
            Span<float> first = input.Slice(i * shape.Count, shape.Count);
            Span<float> second = input.Slice(j * shape.Count, shape.Count);
            if (cuts)
            {
                Exchange(first, second, box);
            }
            else
            {
                Blend(first, second, (float)share);
            }

            float own = cuts ? (float)(1 - ((double)box.Height * box.Width / shape.Pixels)) : (float)share;
            Blend(targets.Slice(i * classes, classes), targets.Slice(j * classes, classes), own);
        }
    }

    private static void Blend(Span<float> first, Span<float> second, float own)
    {
        for (int i = 0; i < first.Length; i++)
        {
            (float a, float b) = (first[i], second[i]);
            first[i] = (own * a) + ((1 - own) * b);
            second[i] = (own * b) + ((1 - own) * a);
        }
    }

    private void Exchange(Span<float> first, Span<float> second, Box box)
    {
        for (int y = box.Top; y < box.Top + box.Height; y++)
        {
            int start = ((y * shape.Width) + box.Left) * shape.Channels;
            for (int i = start; i < start + (box.Width * shape.Channels); i++)
            {
                (first[i], second[i]) = (second[i], first[i]);
            }
        }
    }

    private readonly record struct Box(int Top, int Left, int Height, int Width)
    {
        // A box of 1 - share of the area, centered anywhere, cut off at the edges.
        public static Box Choose(Shape shape, double share, ref CounterRandom random)
        {
            double side = Math.Sqrt(1 - share);
            (int top, int height) = Span(shape.Height, side, ref random);
            (int left, int width) = Span(shape.Width, side, ref random);
            return new Box(top, left, height, width);
        }

        private static (int Start, int Length) Span(int size, double side, ref CounterRandom random)
        {
            int center = random.NextInt(size);
            int half = (int)(size * side) / 2;
            int start = Math.Max(0, center - half);
            return (start, Math.Min(size, center + half) - start);
        }
    }
}
