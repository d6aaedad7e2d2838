namespace MLClassify.Trainers;

/// <summary>
/// The mean cross-entropy of linear layers on features, and its gradient. Several layers that differ in the rows they learn from are
/// evaluated in one pass. Sums have a fixed order, so the threads do not show.
/// </summary>
/// <param name="features">The features.</param>
/// <param name="labels">Each row's class.</param>
/// <param name="folds">Each row's fold; -1 for none.</param>
/// <param name="classWeights">How much a row of each class counts.</param>
/// <param name="labelSmoothing">The share of the target spread evenly over all classes.</param>
/// <param name="threads">The most threads; all cores when 0.</param>
internal sealed class SoftmaxRegression(HeadFeatures features, int[] labels, int[] folds, double[] classWeights, double labelSmoothing, int threads)
{
    /// <summary>Blocks whose residuals are in memory at a time.</summary>
    private const int GroupBlocks = 64;

    /// <summary>Features whose gradient is one piece of work.</summary>
    private const int PieceFeatures = 48;

    /// <summary>Classes.</summary>
    public int Classes => classWeights.Length;

    /// <summary>The loss of every row by the model that does not learn from it, unweighted, at that model's last evaluation.</summary>
    public float[] HeldOutLosses { get; } = new float[labels.Length];

    /// <summary>The class that the same model says.</summary>
    public int[] HeldOutPredictions { get; } = new int[labels.Length];

    /// <summary>Evaluates models at their solvers' points.</summary>
    /// <param name="models">At least one.</param>
    public void Evaluate(IReadOnlyList<HeadModel> models)
    {
        int columns = models.Count * Classes;
        int panels = PanelProduct.Panels(columns);
        float[] layers = Pack(models, panels);
        double[] totals = [.. models.Select(m => Enumerable.Range(0, labels.Length).Where(i => folds[i] != m.Fold || m.Fold < 0).Sum(i => classWeights[labels[i]]))];
        double[] losses = new double[features.Blocks * models.Count];
        double[] gradient = new double[(features.Length + 1) * panels * PanelProduct.Width];
        var residuals = new float[Math.Min(GroupBlocks, features.Blocks)][];
        for (int first = 0; first < features.Blocks; first += GroupBlocks)
        {
            (int start, int count) = (first, Math.Min(GroupBlocks, features.Blocks - first));
            HeadWorkers.Run(count, threads, i => residuals[i] = Residuals(start + i, models, layers, panels, totals, losses.AsSpan((start + i) * models.Count, models.Count), residuals[i]));
            int pieces = (features.Length + PieceFeatures) / PieceFeatures;
            HeadWorkers.Run(pieces, threads, piece => AddGradient(piece * PieceFeatures, start, count, residuals, panels, gradient));
        }

        for (int m = 0; m < models.Count; m++)
        {
            double loss = 0;
            for (int block = 0; block < features.Blocks; block++)
            {
                loss += losses[(block * models.Count) + m];
            }

            models[m].Loss = loss / totals[m];
            Unpack(models[m], m * Classes, panels, gradient);
        }
    }

    private float[] Pack(IReadOnlyList<HeadModel> models, int panels)
    {
        int depth = features.Length + 1;
        float[] packed = new float[panels * depth * PanelProduct.Width];
        for (int m = 0; m < models.Count; m++)
        {
            float[] point = models[m].Solver.Point;
            for (int label = 0; label < Classes; label++)
            {
                (int panel, int place) = Math.DivRem((m * Classes) + label, PanelProduct.Width);
                Span<float> to = packed.AsSpan(panel * depth * PanelProduct.Width, depth * PanelProduct.Width);
                for (int i = 0; i < depth; i++)
                {
                    to[(i * PanelProduct.Width) + place] = point[(i * Classes) + label];
                }
            }
        }

        return packed;
    }

    private void Unpack(HeadModel model, int column, int panels, double[] gradient)
    {
        int width = panels * PanelProduct.Width;
        for (int i = 0; i <= features.Length; i++)
        {
            for (int label = 0; label < Classes; label++)
            {
                model.Gradient[(i * Classes) + label] = (float)gradient[(i * width) + column + label];
            }
        }
    }

    // What each row's logits should change by, [panels, rows, width]: the gradient of the mean loss with respect to them.
    private float[] Residuals(
        int block, IReadOnlyList<HeadModel> models, float[] layers, int panels, double[] totals, Span<double> losses, float[]? reused)
    {
        int width = PanelProduct.Width;
        int depth = features.Length + 1;
        int rows = features.RowsOf(block);
        float[] values = reused ?? new float[panels * HeadFeatures.BlockRows * width];
        for (int panel = 0; panel < panels; panel++)
        {
            PanelProduct.Multiply(
                features.Block(block), features.Stride, 1, rows, depth, layers.AsSpan(panel * depth * width, depth * width), values.AsSpan(panel * rows * width, rows * width));
        }

        float[] logits = new float[panels * width];
        for (int row = 0; row < rows; row++)
        {
            for (int panel = 0; panel < panels; panel++)
            {
                values.AsSpan(((panel * rows) + row) * width, width).CopyTo(logits.AsSpan(panel * width));
            }

            int index = (block * HeadFeatures.BlockRows) + row;
            for (int m = 0; m < models.Count; m++)
            {
                Span<float> own = logits.AsSpan(m * Classes, Classes);
                if (models[m].Fold >= 0 && folds[index] == models[m].Fold)
                {
                    Judge(index, own);
                }
                else
                {
                    losses[m] += Learn(labels[index], own, totals[m]);
                }
            }

            for (int panel = 0; panel < panels; panel++)
            {
                logits.AsSpan(panel * width, width).CopyTo(values.AsSpan(((panel * rows) + row) * width));
            }
        }

        return values;
    }

    // The model has not seen the row: its answer is kept, and nothing is learned.
    private void Judge(int index, Span<float> logits)
    {
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
        {
            best = logits[i] > logits[best] ? i : best;
        }

        float logit = logits[labels[index]];
        float highest = logits[best];
        HeldOutPredictions[index] = best;
        HeldOutLosses[index] = (float)Math.Log(Exponentials(logits, highest)) + highest - logit;
        logits.Clear();
    }

    private double Learn(int label, Span<float> logits, double total)
    {
        float highest = logits[0];
        double mean = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            highest = Math.Max(highest, logits[i]);
            mean += logits[i];
        }

        float logit = logits[label];
        mean /= logits.Length;
        double sum = Exponentials(logits, highest);
        double weight = classWeights[label];
        double loss = Math.Log(sum) + highest - ((1 - labelSmoothing) * logit) - (labelSmoothing * mean);
        float factor = (float)(weight / total);
        float share = (float)(1 / sum);
        float spread = (float)(labelSmoothing / logits.Length);
        for (int i = 0; i < logits.Length; i++)
        {
            logits[i] = factor * ((logits[i] * share) - spread);
        }

        logits[label] -= factor * (float)(1 - labelSmoothing);
        return weight * loss;
    }

    private static double Exponentials(Span<float> logits, float highest)
    {
        double sum = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            logits[i] = MathF.Exp(logits[i] - highest);
            sum += logits[i];
        }

        return sum;
    }

    // A piece adds all rows to its own features' gradient: a block in single precision, the blocks in double.
    private void AddGradient(int first, int startBlock, int blocks, float[][] residuals, int panels, double[] gradient)
    {
        int width = PanelProduct.Width;
        int count = Math.Min(PieceFeatures, features.Length + 1 - first);
        Span<float> part = stackalloc float[PieceFeatures * width];
        for (int i = 0; i < blocks; i++)
        {
            int rows = features.RowsOf(startBlock + i);
            for (int panel = 0; panel < panels; panel++)
            {
                PanelProduct.Multiply(
                    features.Block(startBlock + i)[first..], 1, features.Stride, count, rows, residuals[i].AsSpan(panel * rows * width, rows * width), part);
                for (int f = 0; f < count; f++)
                {
                    Span<double> sums = gradient.AsSpan((((first + f) * panels) + panel) * width, width);
                    ReadOnlySpan<float> terms = part.Slice(f * width, width);
                    for (int k = 0; k < sums.Length; k++)
                    {
                        sums[k] += terms[k];
                    }
                }
            }
        }
    }
}
