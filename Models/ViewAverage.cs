namespace MLClassify.Models;

/// <summary>
/// Averages what a network says about several views of one picture: the mean of the views' softmax probabilities, each view counting the
/// same (Krizhevsky et al., 2012, section 4.1, average the softmax layer's output). Means of logits would let one very sure view decide.
/// </summary>
public static class ViewAverage
{
    /// <summary>
    /// Writes the logarithm of the mean probabilities. It is a logit too: its softmax is the mean, and probabilities that underflow keep
    /// their order.
    /// </summary>
    /// <param name="logits">The network's outputs, <c>[views, classes]</c>.</param>
    /// <param name="destination">
    /// Receives <c>[classes]</c>; NaN everywhere when a view has no softmax (NaN, +infinity, or nothing but -infinity).
    /// </param>
    /// <exception cref="ArgumentException">There is no class, or the outputs are not a whole number of views, at least one.</exception>
    public static void Write(ReadOnlySpan<float> logits, Span<float> destination)
    {
        int classes = destination.Length;
        if (classes == 0 || logits.Length == 0 || logits.Length % classes != 0)
        {
            throw new ArgumentException($"{logits.Length} logits are not a whole number of views of {classes} classes.", nameof(logits));
        }

        int views = logits.Length / classes;
        Span<double> normalizers = views <= 64 ? stackalloc double[views] : new double[views];
        for (int v = 0; v < views; v++)
        {
            normalizers[v] = LogSum(logits.Slice(v * classes, classes));
            if (!double.IsFinite(normalizers[v]))
            {
                destination.Fill(float.NaN);
                return;
            }
        }

        for (int c = 0; c < classes; c++)
        {
            destination[c] = (float)LogMean(logits, c, classes, normalizers);
        }
    }

    // Relative to the largest no term overflows, and the largest is 1 itself.
    private static double LogMean(ReadOnlySpan<float> logits, int index, int classes, ReadOnlySpan<double> normalizers)
    {
        double largest = double.NegativeInfinity;
        for (int v = 0; v < normalizers.Length; v++)
        {
            largest = Math.Max(largest, logits[(v * classes) + index] - normalizers[v]);
        }

        if (double.IsNegativeInfinity(largest))
        {
            return largest;
        }

        double sum = 0;
        for (int v = 0; v < normalizers.Length; v++)
        {
            sum += Math.Exp(logits[(v * classes) + index] - normalizers[v] - largest);
        }

        return largest + Math.Log(sum / normalizers.Length);
    }

    private static double LogSum(ReadOnlySpan<float> logits)
    {
        double largest = double.NegativeInfinity;
        foreach (float logit in logits)
        {
            // Of NaN and another, the maximum is NaN.
            largest = Math.Max(largest, logit);
        }

        double sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp(logit - largest);
        }

        return largest + Math.Log(sum);
    }
}
