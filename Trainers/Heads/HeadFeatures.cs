namespace MLClassify.Trainers;

/// <summary>
/// Scaled features as a solver reads them: blocks of rows, each row <c>(x - mean) / sqrt(deviation)</c>, times what makes the mean variance
/// 1, then a one for the bias. A feature that is the same everywhere is 0 in all rows.
/// </summary>
/// <remarks>
/// The square root (Pareto scaling, van den Berg et al. 2006, doi:10.1186/1471-2164-7-142) lies between features as they are, where the large
/// ones rule, and standardized ones, where noise counts as much as what says something: on the sets that were tried it is the best of the
/// three, or level with it.
/// </remarks>
internal sealed class HeadFeatures
{
    /// <summary>Rows of a block; the last one may have fewer. Two thousand features of so many fit the second cache.</summary>
    public const int BlockRows = 96;

    private const int LineFloats = 16;

    private readonly float[][] _blocks;
    private readonly float[] _mean;
    private readonly float[] _scale;

    /// <summary>Scales features by their own mean and deviation.</summary>
    /// <param name="features">The features, at least one row.</param>
    /// <param name="threads">The most threads; all cores when 0.</param>
    public HeadFeatures(FeatureSet features, int threads)
    {
        (Rows, Length) = (features.Count, features.Length);
        int lines = (Length + 1 + LineFloats - 1) / LineFloats;

        // An odd number of cache lines: rows at a power of two would share a few sets of the cache.
        Stride = (lines | 1) * LineFloats;
        (_mean, _scale) = Measure(features);
        _blocks = new float[(Rows + BlockRows - 1) / BlockRows][];
        HeadWorkers.Run(_blocks.Length, threads, block => _blocks[block] = Scale(features, block * BlockRows));
    }

    /// <summary>Images.</summary>
    public int Rows { get; }

    /// <summary>Features of an image, without the one for the bias.</summary>
    public int Length { get; }

    /// <summary>The distance from row to row.</summary>
    public int Stride { get; }

    /// <summary>Blocks of rows.</summary>
    public int Blocks => _blocks.Length;

    /// <summary>A block's rows, <see cref="Stride"/> numbers each.</summary>
    public ReadOnlySpan<float> Block(int block) => _blocks[block];

    /// <summary>Rows of a block.</summary>
    public int RowsOf(int block) => Math.Min(BlockRows, Rows - (block * BlockRows));

    /// <summary>Expresses a linear layer on scaled features as one on the features themselves.</summary>
    /// <param name="solution">The layer, <c>[Length + 1, classes]</c>; the last row is the bias.</param>
    /// <param name="classes">Its classes.</param>
    /// <returns>Weights <c>[classes, Length]</c> and bias <c>[classes]</c>.</returns>
    public (float[] Weights, float[] Bias) Unfold(ReadOnlySpan<float> solution, int classes)
    {
        float[] weights = new float[classes * Length];
        float[] bias = new float[classes];
        for (int label = 0; label < classes; label++)
        {
            double shift = solution[(Length * classes) + label];
            for (int i = 0; i < Length; i++)
            {
                double weight = (double)solution[(i * classes) + label] * _scale[i];
                weights[(label * Length) + i] = (float)weight;
                shift -= weight * _mean[i];
            }

            bias[label] = (float)shift;
        }

        return (weights, bias);
    }

    private static (float[] Mean, float[] Scale) Measure(FeatureSet features)
    {
        double[] sum = new double[features.Length];
        for (int row = 0; row < features.Count; row++)
        {
            ReadOnlySpan<float> x = features[row];
            for (int i = 0; i < x.Length; i++)
            {
                sum[i] += x[i];
            }
        }

        double[] squares = new double[features.Length];
        for (int row = 0; row < features.Count; row++)
        {
            ReadOnlySpan<float> x = features[row];
            for (int i = 0; i < x.Length; i++)
            {
                double distance = x[i] - (sum[i] / features.Count);
                squares[i] += distance * distance;
            }
        }

        float[] mean = [.. sum.Select(s => (float)(s / features.Count))];

        // Below the precision of a float there is nothing but rounding.
        double[] deviation = [.. squares.Select((s, i) => Math.Sqrt(s / features.Count) is var d && d > 1e-6 * Math.Abs(mean[i]) ? d : 0)];
        double typical = deviation.DefaultIfEmpty().Average();
        return (mean, [.. deviation.Select(d => d > 0 ? (float)(1 / Math.Sqrt(d * typical)) : 0)]);
    }

    private float[] Scale(FeatureSet features, int first)
    {
        int rows = Math.Min(BlockRows, Rows - first);
        float[] block = new float[rows * Stride];
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> x = features[first + row];
            Span<float> y = block.AsSpan(row * Stride, Stride);
            for (int i = 0; i < x.Length; i++)
            {
                y[i] = (x[i] - _mean[i]) * _scale[i];
            }

            y[x.Length] = 1;
        }

        return block;
    }
}
