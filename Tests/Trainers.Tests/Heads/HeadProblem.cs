using MLClassify.Common;

namespace MLClassify.Trainers.Tests.Heads;

/// <summary>Synthetic features, and logistic regression on them as one would write it down: double precision, gradient descent.</summary>
internal static class HeadProblem
{
    /// <summary>Clouds of points around a center a class.</summary>
    /// <param name="counts">Images of each class.</param>
    /// <param name="length">Features.</param>
    /// <param name="distance">How far apart the centers are, in deviations.</param>
    /// <param name="seed">Decides.</param>
    public static FeatureSet Clouds(int[] counts, int length, double distance, long seed = 1)
    {
        var features = new FeatureSet(counts.Sum(), length);
        var random = new CounterRandom(seed);
        float[] row = new float[length];
        double[][] centers = [.. counts.Select(_ => Enumerable.Range(0, length).Select(_ => distance * random.NextGaussian()).ToArray())];
        for (int label = 0; label < counts.Length; label++)
        {
            for (int i = 0; i < counts[label]; i++)
            {
                for (int f = 0; f < length; f++)
                {
                    row[f] = (float)((centers[label][f] + random.NextGaussian()) * (1 + (f % 3)));
                }

                features.Add(row, new ImageSample($"{label}/{i}", label));
            }
        }

        return features;
    }

    /// <summary>Rows as the solver scales them, a one at the end.</summary>
    public static double[][] Rows(HeadFeatures features) =>
    [
        .. Enumerable.Range(0, features.Rows).Select(i => features
            .Block(i / HeadFeatures.BlockRows).Slice((i % HeadFeatures.BlockRows) * features.Stride, features.Length + 1).ToArray().Select(v => (double)v).ToArray()),
    ];

    /// <summary>The objective's value and gradient, <c>[features + 1, classes]</c>, term by term.</summary>
    public static (double Value, double[] Gradient) Evaluate(
        double[][] rows, int[] labels, double[] classWeights, double smoothing, double penalty, double[] layer, Func<int, bool>? learns = null)
    {
        int classes = classWeights.Length;
        double[] gradient = new double[layer.Length];
        double value = 0;
        double total = Enumerable.Range(0, rows.Length).Where(i => learns?.Invoke(i) ?? true).Sum(i => classWeights[labels[i]]);
        for (int i = 0; i < rows.Length; i++)
        {
            if (learns?.Invoke(i) == false)
            {
                continue;
            }

            double[] logits = [.. Enumerable.Range(0, classes).Select(c => rows[i].Select((x, f) => x * layer[(f * classes) + c]).Sum())];
            double highest = logits.Max();
            double sum = logits.Sum(z => Math.Exp(z - highest));
            double weight = classWeights[labels[i]] / total;
            for (int c = 0; c < classes; c++)
            {
                double target = (smoothing / classes) + (c == labels[i] ? 1 - smoothing : 0);
                double logProbability = logits[c] - highest - Math.Log(sum);
                value -= weight * target * logProbability;
                for (int f = 0; f < rows[i].Length; f++)
                {
                    gradient[(f * classes) + c] += weight * (Math.Exp(logProbability) - target) * rows[i][f];
                }
            }
        }

        for (int k = 0; k < layer.Length - classes; k++)
        {
            value += penalty / 2 * layer[k] * layer[k];
            gradient[k] += penalty * layer[k];
        }

        return (value, gradient);
    }

    /// <summary>Gradient descent with momentum until nothing moves.</summary>
    public static (double Value, double[] Layer) Minimize(double[][] rows, int[] labels, double[] classWeights, double smoothing, double penalty)
    {
        double[] layer = new double[rows[0].Length * classWeights.Length];
        double[] previous = [.. layer];

        // The curvature of the loss is at most half the largest eigenvalue of the rows' mean square, that at most their mean length.
        double rate = 1 / (penalty + (0.5 * classWeights.Max() / classWeights.Min() * rows.Average(r => r.Sum(x => x * x))));
        for (int step = 1; step < 20_000; step++)
        {
            double[] ahead = [.. layer.Zip(previous, (now, before) => now + ((step - 1) / (step + 2.0) * (now - before)))];
            double[] gradient = Evaluate(rows, labels, classWeights, smoothing, penalty, ahead).Gradient;
            previous = layer;
            layer = [.. ahead.Zip(gradient, (x, g) => x - (rate * g))];
            if (gradient.Max(Math.Abs) < 1e-9)
            {
                break;
            }
        }

        return (Evaluate(rows, labels, classWeights, smoothing, penalty, layer).Value, layer);
    }

    public static int[] Labels(FeatureSet features) => [.. Enumerable.Range(0, features.Count).Select(features.Label)];
}
