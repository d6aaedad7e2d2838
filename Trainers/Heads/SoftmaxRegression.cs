using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLClassify.Trainers;

/// <summary>
/// The mean cross-entropy of linear layers on features, and its gradient. Several layers that differ in the rows they learn from are
/// evaluated in one pass. The rows are cut into the same chunks for any number of threads, and their sums added in order.
/// </summary>
internal sealed class SoftmaxRegression
{
    /// <summary>Blocks of a chunk, which one thread goes through.</summary>
    private const int ChunkBlocks = 4;

    /// <summary>Chunks whose gradients are in memory at a time.</summary>
    private const int WaveChunks = 32;

    private readonly HeadFeatures _features;
    private readonly int[] _labels;
    private readonly int[] _folds;
    private readonly double[] _classWeights;
    private readonly double _labelSmoothing;
    private readonly int _threads;
    private readonly Chunk[] _chunks;

    /// <summary>Keeps the parts.</summary>
    /// <param name="features">The features.</param>
    /// <param name="labels">Each row's class.</param>
    /// <param name="folds">Each row's fold; -1 for none.</param>
    /// <param name="classWeights">How much a row of each class counts.</param>
    /// <param name="labelSmoothing">The share of the target spread evenly over all classes.</param>
    /// <param name="threads">The most threads; all cores when 0.</param>
    public SoftmaxRegression(HeadFeatures features, int[] labels, int[] folds, double[] classWeights, double labelSmoothing, int threads)
    {
        (_features, _labels, _folds, _classWeights, _labelSmoothing, _threads) = (features, labels, folds, classWeights, labelSmoothing, threads);
        int chunks = (features.Blocks + ChunkBlocks - 1) / ChunkBlocks;
        _chunks = [.. Enumerable.Range(0, Math.Min(WaveChunks, chunks)).Select(_ => new Chunk())];
        HeldOutLosses = new float[labels.Length];
        HeldOutPredictions = new int[labels.Length];
    }

    /// <summary>The loss of every row by the model that does not learn from it, unweighted, at that model's last evaluation.</summary>
    public float[] HeldOutLosses { get; }

    /// <summary>The class that the same model says.</summary>
    public int[] HeldOutPredictions { get; }

    private int Classes => _classWeights.Length;

    private int Depth => _features.Length + 1;

    /// <summary>Evaluates models at their solvers' points.</summary>
    /// <param name="models">At least one.</param>
    public void Evaluate(IReadOnlyList<HeadModel> models)
    {
        int panels = PanelProduct.Panels(models.Count * Classes);
        float[] layers = Pack(models, panels);
        double[] totals = [.. models.Select(Total)];
        double[] losses = new double[models.Count];
        double[] gradient = new double[panels * Depth * PanelProduct.Width];
        for (int first = 0; first < _features.Blocks; first += WaveChunks * ChunkBlocks)
        {
            int start = first;
            int blocks = Math.Min(WaveChunks * ChunkBlocks, _features.Blocks - first);
            int count = (blocks + ChunkBlocks - 1) / ChunkBlocks;
            HeadWorkers.Run(count, _threads, i =>
            {
                _chunks[i].Begin(models.Count, panels, Depth);
                for (int block = i * ChunkBlocks; block < Math.Min(blocks, (i + 1) * ChunkBlocks); block++)
                {
                    Add(start + block, models, layers, panels, totals, _chunks[i]);
                }
            });
            foreach (Chunk chunk in _chunks.AsSpan(0, count))
            {
                Sum(chunk.Gradient, gradient);
                for (int m = 0; m < models.Count; m++)
                {
                    losses[m] += chunk.Losses[m];
                }
            }
        }

        for (int m = 0; m < models.Count; m++)
        {
            models[m].Loss = losses[m] / totals[m];
            Unpack(models[m], m * Classes, gradient);
        }
    }

    private static void Sum(float[] terms, double[] sums)
    {
        for (int i = 0; i < terms.Length; i++)
        {
            sums[i] += terms[i];
        }
    }

    private static bool Learns(HeadModel model, int fold) => model.Fold < 0 || model.Fold != fold;

    // The weight of all rows that a model learns from.
    private double Total(HeadModel model)
    {
        double total = 0;
        for (int i = 0; i < _labels.Length; i++)
        {
            total += Learns(model, _folds[i]) ? _classWeights[_labels[i]] : 0;
        }

        return total;
    }

    // [panels, features + 1, width]: the models' classes side by side.
    private float[] Pack(IReadOnlyList<HeadModel> models, int panels)
    {
        int width = PanelProduct.Width;
        float[] packed = new float[panels * Depth * width];
        float[] row = new float[panels * width];
        for (int i = 0; i < Depth; i++)
        {
            for (int m = 0; m < models.Count; m++)
            {
                models[m].Solver.Point.AsSpan(i * Classes, Classes).CopyTo(row.AsSpan(m * Classes));
            }

            for (int panel = 0; panel < panels; panel++)
            {
                row.AsSpan(panel * width, width).CopyTo(packed.AsSpan(((panel * Depth) + i) * width));
            }
        }

        return packed;
    }

    private void Unpack(HeadModel model, int column, double[] gradient)
    {
        int width = PanelProduct.Width;
        for (int i = 0; i < Depth; i++)
        {
            for (int label = 0; label < Classes; label++)
            {
                (int panel, int place) = Math.DivRem(column + label, width);
                model.Gradient[(i * Classes) + label] = (float)gradient[(((panel * Depth) + i) * width) + place];
            }
        }
    }

    private void Add(int block, IReadOnlyList<HeadModel> models, float[] layers, int panels, double[] totals, Chunk chunk)
    {
        int width = PanelProduct.Width;
        int rows = _features.RowsOf(block);
        ReadOnlySpan<float> x = _features.Block(block);
        Span<float> logits = chunk.Logits.AsSpan(0, panels * rows * width);
        logits.Clear();
        for (int panel = 0; panel < panels; panel++)
        {
            PanelProduct.MultiplyAdd(x, _features.Stride, 1, rows, Depth, layers.AsSpan(panel * Depth * width, Depth * width), logits.Slice(panel * rows * width, rows * width));
        }

        for (int row = 0; row < rows; row++)
        {
            for (int panel = 0; panel < panels; panel++)
            {
                logits.Slice(((panel * rows) + row) * width, width).CopyTo(chunk.Row.AsSpan(panel * width));
            }

            Differentiate((block * HeadFeatures.BlockRows) + row, models, totals, chunk);
            for (int panel = 0; panel < panels; panel++)
            {
                chunk.Row.AsSpan(panel * width, width).CopyTo(logits[(((panel * rows) + row) * width)..]);
            }
        }

        for (int panel = 0; panel < panels; panel++)
        {
            PanelProduct.MultiplyAdd(x, 1, _features.Stride, Depth, rows, logits.Slice(panel * rows * width, rows * width), chunk.Gradient.AsSpan(panel * Depth * width, Depth * width));
        }
    }

    // A row's logits become the gradient of the mean loss with respect to them.
    private void Differentiate(int index, IReadOnlyList<HeadModel> models, double[] totals, Chunk chunk)
    {
        for (int m = 0; m < models.Count; m++)
        {
            Span<float> own = chunk.Row.AsSpan(m * Classes, Classes);
            if (Learns(models[m], _folds[index]))
            {
                chunk.Losses[m] += Learn(_labels[index], own, totals[m]);
            }
            else
            {
                Judge(index, own);
            }
        }
    }

    // The model has not seen the row: its answer is kept, and nothing is learned.
    private void Judge(int index, Span<float> logits)
    {
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
        {
            best = logits[i] > logits[best] ? i : best;
        }

        float highest = logits[best];
        float logit = logits[_labels[index]];
        HeldOutPredictions[index] = best;
        HeldOutLosses[index] = (float)(Math.Log(Exponentials(logits, highest)) + highest - logit);
        logits.Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Learn(int label, Span<float> logits, double total)
    {
        float highest = logits[0];
        double mean = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            highest = Math.Max(highest, logits[i]);
            mean += logits[i];
        }

        mean /= logits.Length;
        float logit = logits[label];
        double sum = Exponentials(logits, highest);
        double weight = _classWeights[label];
        double loss = Math.Log(sum) + highest - ((1 - _labelSmoothing) * logit) - (_labelSmoothing * mean);
        float factor = (float)(weight / total);
        float share = (float)(1 / sum);
        float spread = (float)(_labelSmoothing / logits.Length);
        for (int i = 0; i < logits.Length; i++)
        {
            logits[i] = factor * ((logits[i] * share) - spread);
        }

        logits[label] -= factor * (float)(1 - _labelSmoothing);
        return weight * loss;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Exponentials(Span<float> logits, float highest)
    {
        Vector<float> sums = default;
        var shift = new Vector<float>(highest);
        int i = 0;
        for (; i + Vector<float>.Count <= logits.Length; i += Vector<float>.Count)
        {
            Vector<float> values = Vector.Exp(new Vector<float>(logits[i..]) - shift);
            values.CopyTo(logits[i..]);
            sums += values;
        }

        double sum = Vector.Sum(sums);
        for (; i < logits.Length; i++)
        {
            logits[i] = MathF.Exp(logits[i] - highest);
            sum += logits[i];
        }

        return sum;
    }

    /// <summary>What a chunk of rows adds up to, and room to compute it.</summary>
    private sealed class Chunk
    {
        public float[] Gradient { get; private set; } = [];

        public double[] Losses { get; private set; } = [];

        public float[] Logits { get; private set; } = [];

        public float[] Row { get; private set; } = [];

        public void Begin(int models, int panels, int depth)
        {
            Losses = new double[models];
            int width = PanelProduct.Width;
            if (Row.Length == panels * width)
            {
                Gradient.AsSpan().Clear();
                return;
            }

            Gradient = new float[panels * depth * width];
            Logits = new float[panels * HeadFeatures.BlockRows * width];
            Row = new float[panels * width];
        }
    }
}
