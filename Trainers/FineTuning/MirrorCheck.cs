using MLClassify.Graphs;
using MLClassify.Models;
using MLClassify.Preprocessing;
using MLClassify.Preprocessing.Augmentation;
using MLClassify.Preprocessing.Loading;

namespace MLClassify.Trainers;

/// <summary>
/// Whether mirroring keeps the classes apart: training images are told by what is learned of others, then the same ones mirrored. Where
/// mirrored ones are taken for another class, left and right are what the classes differ by, as those of arrows, digits and text are. They are told by
/// the network's features before training, and by outlines, since a network without weights has no features, and one that learned mirrored images may not tell.
/// </summary>
internal static class MirrorCheck
{
    private const int MostImages = 512;
    private const int FewestImages = 20;

    private const int Side = 32;
    private const int Directions = 9;
    private const int OutlineLength = ((4 * 4) + (8 * 8)) * Directions;

    // The share of images that must be told right, and wrong once they are mirrored, to count as more than another view of them.
    private const double LargeShare = 0.15;
    private const double StandardErrors = 4;

    private static readonly int[] Cells = [4, 8];

    /// <summary>Looks at training images, if they would be mirrored.</summary>
    /// <param name="network">The network before training.</param>
    /// <param name="options">How it will be trained, resolved.</param>
    /// <param name="train">The training images.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <returns>Why they should not be mirrored; null where nothing speaks against it.</returns>
    /// <exception cref="OperationCanceledException">The work was canceled.</exception>
    public static string? Run(TrainedModel network, FineTuneOptions options, ImageDataset train, CancellationToken cancellationToken)
    {
        if (options.Augmentation?.Has<RandomHorizontalFlip>() != true || Sample(train, options.Seed) is not { } images)
        {
            return null;
        }

        (FeatureSet Learned, FeatureSet Outlines) plain = Features(network, options, images, isMirrored: false, cancellationToken);
        (FeatureSet Learned, FeatureSet Outlines) mirrored = Features(network, options, images, isMirrored: true, cancellationToken);
        return Compare(plain.Learned, mirrored.Learned, images, options, cancellationToken) ?? Compare(plain.Outlines, mirrored.Outlines, images, options, cancellationToken);
    }

    // Some hundred images of all classes that have enough to learn from and to tell.
    private static ImageDataset? Sample(ImageDataset train, long seed)
    {
        ImageDataset drawn = train.Count > MostImages ? train.Split((double)MostImages / train.Count, seed).Validation : train;
        int[] counts = drawn.CountPerClass();
        ImageDataset images = drawn.OnlyClasses([.. drawn.ClassNames.Where((_, label) => counts[label] >= 4)]);
        return images.ClassNames.Count >= 2 && images.Count >= FewestImages ? images : null;
    }

    private static (FeatureSet Learned, FeatureSet Outlines) Features(
        TrainedModel network, FineTuneOptions options, ImageDataset images, bool isMirrored, CancellationToken cancellationToken)
    {
        using var loader = new BatchLoader(images, network.Preprocessing, new BatchLoaderOptions
        {
            BatchSize = Math.Min(options.BatchSize, images.Count),
            ImageViews = [new ImageView { FlipHorizontally = isMirrored }],
            CacheBytes = 0,
            WorkerThreads = options.Compute.LoaderThreads > 0 ? options.Compute.LoaderThreads : options.Compute.Threads > 0 ? options.Compute.Threads : Environment.ProcessorCount,
        });
        Shape shape = network.Graph.Features.Shape;
        int channels = shape.Channels;
        using var backbone = new Predictor(network.Engine, network.Graph.UpTo(network.Graph.Features), network.Parameters, preprocessing: null, options.BatchSize);
        var learned = new FeatureSet(images.Count, channels);
        var outlines = new FeatureSet(images.Count, OutlineLength);
        foreach (Batch batch in loader.Epoch(0, cancellationToken))
        {
            float[] outputs = new float[batch.Count * backbone.OutputLength];
            backbone.Predict(batch.Pixels, views: 1, outputs);
            for (int i = 0; i < batch.Count; i++)
            {
                ImageSample sample = images.Samples[batch.Indices[i]];
                learned.Add(Mean(outputs.AsSpan(i * backbone.OutputLength, backbone.OutputLength), channels), sample);
                outlines.Add(Outline(batch.Pixels.Slice(i * 3 * batch.Size * batch.Size, 3 * batch.Size * batch.Size), batch.Size), sample);
            }
        }

        return (learned, outlines);
    }

    // Of maps the mean over all places.
    private static float[] Mean(ReadOnlySpan<float> maps, int channels)
    {
        float[] mean = new float[channels];
        for (int i = 0; i < maps.Length; i++)
        {
            mean[i % channels] += maps[i] * channels / maps.Length;
        }

        return mean;
    }

    // Histograms of the directions of edges, in cells (Dalal and Triggs 2005), of no color and whichever side is the lighter one: what an outline points to.
    private static float[] Outline(ReadOnlySpan<float> image, int size)
    {
        float[] gray = Shrink(image, size);
        float[] histograms = new float[OutlineLength];
        float total = 0;
        for (int y = 1; y < Side - 1; y++)
        {
            for (int x = 1; x < Side - 1; x++)
            {
                float across = gray[(y * Side) + x + 1] - gray[(y * Side) + x - 1];
                float down = gray[((y + 1) * Side) + x] - gray[((y - 1) * Side) + x];
                float strength = MathF.Sqrt((across * across) + (down * down));
                float direction = (MathF.Atan2(down, across) / MathF.PI * Directions) + Directions;
                int first = (int)direction;
                float share = direction - first;
                int begin = 0;
                foreach (int cells in Cells)
                {
                    int cell = begin + ((((y * cells / Side) * cells) + (x * cells / Side)) * Directions);
                    histograms[cell + (first % Directions)] += strength * (1 - share);
                    histograms[cell + ((first + 1) % Directions)] += strength * share;
                    begin += cells * cells * Directions;
                }

                total += strength;
            }
        }

        for (int i = 0; i < histograms.Length && total > 0; i++)
        {
            histograms[i] = MathF.Sqrt(histograms[i] / total);
        }

        return histograms;
    }

    // A gray image of Side x Side means; a smaller one repeats its pixels.
    private static float[] Shrink(ReadOnlySpan<float> image, int size)
    {
        float[] gray = new float[Side * Side];
        for (int i = 0; i < gray.Length; i++)
        {
            int top = i / Side * size / Side;
            int left = i % Side * size / Side;
            int bottom = Math.Max(top + 1, ((i / Side) + 1) * size / Side);
            int right = Math.Max(left + 1, ((i % Side) + 1) * size / Side);
            float sum = 0;
            for (int y = top; y < bottom; y++)
            {
                for (int at = 3 * ((y * size) + left); at < 3 * ((y * size) + right); at++)
                {
                    sum += image[at];
                }
            }

            gray[i] = sum / ((bottom - top) * (right - left));
        }

        return gray;
    }

    // Each half is told by what is learned of the other one.
    private static string? Compare(FeatureSet plain, FeatureSet mirrored, ImageDataset images, FineTuneOptions options, CancellationToken cancellationToken)
    {
        HashSet<ImageSample> first = [.. images.Folds(2, options.Seed)[0].HeldOut.Samples];
        int right = 0;
        int mirroredRight = 0;
        int lost = 0;
        int gained = 0;
        foreach (bool half in new[] { false, true })
        {
            int[] told = [.. Enumerable.Range(0, plain.Count).Where(i => first.Contains(plain.Sample(i)) == half)];
            int[] learned = [.. Enumerable.Range(0, plain.Count).Except(told)];
            if (told.Length == 0 || learned.Length == 0)
            {
                return null;
            }

            var others = new FeatureSet(learned.Length, plain.Length);
            Array.ForEach(learned, i => others.Add(plain[i], plain.Sample(i)));
            double[] weights = [.. images.ClassNames.Select(_ => 1.0)];
            HeadSolution head = new HeadSolver(others, weights, labelSmoothing: 0, options.Seed, options.Compute.Threads).Solve(pointDone: null, cancellationToken);
            foreach (int i in told)
            {
                bool isRight = Tell(head, plain[i]) == plain.Label(i);
                bool isMirroredRight = Tell(head, mirrored[i]) == plain.Label(i);
                right += isRight ? 1 : 0;
                mirroredRight += isMirroredRight ? 1 : 0;
                lost += isRight && !isMirroredRight ? 1 : 0;
                gained += !isRight && isMirroredRight ? 1 : 0;
            }
        }

        bool isOther = lost - gained >= LargeShare * plain.Count && lost - gained >= StandardErrors * Math.Sqrt(lost + gained);
        return isOther
            ? FormattableString.Invariant(
                $"Images are not mirrored in training: of {plain.Count} training images {100.0 * right / plain.Count:0} % are told right by the others, and {100.0 * mirroredRight / plain.Count:0} % once they are mirrored, so left and right tell the classes apart. Mirroring On mirrors all the same.")
            : null;
    }

    private static int Tell(HeadSolution head, ReadOnlySpan<float> features)
    {
        int best = 0;
        double highest = double.NegativeInfinity;
        for (int label = 0; label < head.Bias.Length; label++)
        {
            double score = head.Bias[label];
            for (int i = 0; i < features.Length; i++)
            {
                score += (double)head.Weights[(label * features.Length) + i] * features[i];
            }

            (best, highest) = score > highest ? (label, score) : (best, highest);
        }

        return best;
    }
}
