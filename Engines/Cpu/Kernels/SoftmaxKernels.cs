using MLClassify.Common;

namespace MLClassify.Engines.Cpu.Kernels;

/// <summary>Cross-entropy of softmax. A batch of logits is small beside the network: one thread, double precision, a fixed order.</summary>
internal static unsafe class SoftmaxKernels
{
    /// <summary>
    /// Cross-entropy of one sample against a smoothed label (Szegedy et al. 2016, section 7: the true class gets
    /// <c>1 - smoothing + smoothing / classes</c>, every other <c>smoothing / classes</c>), and its gradient times a factor.
    /// </summary>
    /// <param name="logits">Logits, <c>[classes]</c>.</param>
    /// <param name="label">The true class.</param>
    /// <param name="smoothing">The share of the target spread evenly.</param>
    /// <param name="gradient">The logits' gradient, or empty.</param>
    /// <param name="factor">Multiplies the gradient: one over the batch size for a mean.</param>
    /// <param name="correct">Whether the largest logit, the first of equals, is the true class's.</param>
    /// <returns>The loss.</returns>
    public static double CrossEntropy(ReadOnlySpan<float> logits, int label, float smoothing, Span<float> gradient, double factor, out bool correct)
    {
        int classes = logits.Length;
        double max = Max(logits);
        double sum = 0;
        double total = 0;
        int best = 0;
        for (int i = 0; i < classes; i++)
        {
            sum += Math.Exp(logits[i] - max);
            total += logits[i];
            best = logits[i] > logits[best] ? i : best;
        }

        double logSum = max + Math.Log(sum);
        double even = (double)smoothing / classes;
        for (int i = 0; i < gradient.Length; i++)
        {
            double target = even + (i == label ? 1 - smoothing : 0);
            gradient[i] = (float)((Math.Exp(logits[i] - logSum) - target) * factor);
        }

        correct = best == label;
        double loss = (1 - (double)smoothing) * (logSum - logits[label]);

        // Without smoothing a logit of minus infinity elsewhere must not reach the loss.
        return smoothing == 0 ? loss : loss + (smoothing * (logSum - (total / classes)));
    }

    /// <summary>Cross-entropy of one sample against a distribution, and its gradient times a factor.</summary>
    /// <param name="logits">Logits, <c>[classes]</c>.</param>
    /// <param name="target">The share of each class, <c>[classes]</c>, at least 0; their sum is the sample's weight, 1 as a rule.</param>
    /// <param name="gradient">The logits' gradient, or empty.</param>
    /// <param name="factor">Multiplies the gradient: one over the batch size for a mean.</param>
    /// <param name="correct">Whether the largest logit is the class of the largest share, the first of equals.</param>
    /// <returns>The loss.</returns>
    public static double CrossEntropy(ReadOnlySpan<float> logits, ReadOnlySpan<float> target, Span<float> gradient, double factor, out bool correct)
    {
        double max = Max(logits);
        double sum = 0;
        double weight = 0;
        int best = 0;
        int label = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            sum += Math.Exp(logits[i] - max);
            weight += target[i];
            best = logits[i] > logits[best] ? i : best;
            label = target[i] > target[label] ? i : label;
        }

        double logSum = max + Math.Log(sum);
        double loss = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            // Without a share a logit of minus infinity must not reach the loss.
            loss += target[i] == 0 ? 0 : target[i] * (logSum - logits[i]);
        }

        for (int i = 0; i < gradient.Length; i++)
        {
            gradient[i] = (float)(((weight * Math.Exp(logits[i] - logSum)) - target[i]) * factor);
        }

        correct = best == label;

        // A logit that is not a number is one whatever its class's share.
        return double.IsNaN(logSum) ? double.NaN : loss;
    }

    private static float Max(ReadOnlySpan<float> values)
    {
        float max = float.NegativeInfinity;
        foreach (float value in values)
        {
            // NaN must not vanish: it wins once and stays.
            max = MathF.Max(max, value);
        }

        return max;
    }
}
