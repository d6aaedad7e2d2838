using MLClassify.Common;

namespace MLClassify.Models;

/// <summary>
/// Averages a network's predictions for several views of one image: the mean of the views' softmax probabilities, each view counting the
/// same (Krizhevsky et al., 2012, section 4.1, average the softmax layer's output). A mean of logits would let one very confident view dominate.
/// </summary>
public static class ViewAverage
{
    private const int MaximumOnStack = 64;

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
        Span<double> normalizers = views <= MaximumOnStack ? stackalloc double[views] : new double[views];
        for (int v = 0; v < views; v++)
        {
            normalizers[v] = Softmax.LogSumOfExponentials(logits.Slice(v * classes, classes));
            if (!double.IsFinite(normalizers[v]))
            {
                destination.Fill(float.NaN);
                return;
            }
        }

        Span<double> logarithms = views <= MaximumOnStack ? stackalloc double[views] : new double[views];
        for (int c = 0; c < classes; c++)
        {
            for (int v = 0; v < views; v++)
            {
                logarithms[v] = logits[(v * classes) + c] - normalizers[v];
            }

            destination[c] = (float)Softmax.LogMeanOfExponentials(logarithms);
        }
    }
}
