namespace MLClassify.Common;

/// <summary>
/// Softmax and logarithms of sums of exponentials on the host, in double precision: relative to the largest term, so that none overflows
/// and one is exactly 1. The kernels have their own, for the step's speed.
/// </summary>
internal static class Softmax
{
    /// <summary>The largest logit; NaN where there is one, negative infinity where there is no logit.</summary>
    /// <param name="logits">The network's output.</param>
    public static double Maximum(ReadOnlySpan<float> logits)
    {
        double maximum = double.NegativeInfinity;
        foreach (float logit in logits)
        {
            maximum = Math.Max(maximum, logit);
        }

        return maximum;
    }

    /// <summary>The sum of the exponentials relative to the largest: in 1..classes for logits that have a softmax.</summary>
    /// <param name="logits">The network's output.</param>
    /// <param name="maximum">The largest of them.</param>
    public static double SumOfExponentials(ReadOnlySpan<float> logits, double maximum)
    {
        double sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp(logit - maximum);
        }

        return sum;
    }

    /// <summary>The logarithm of the sum of the exponentials; not finite where the logits have no softmax.</summary>
    /// <param name="logits">The network's output.</param>
    public static double LogSumOfExponentials(ReadOnlySpan<float> logits)
    {
        double maximum = Maximum(logits);
        return maximum + Math.Log(SumOfExponentials(logits, maximum));
    }

    /// <summary>The logarithm of the mean of the exponentials; negative infinity where all values are.</summary>
    /// <param name="values">Logarithms, at least one.</param>
    public static double LogMeanOfExponentials(ReadOnlySpan<double> values)
    {
        double maximum = double.NegativeInfinity;
        foreach (double value in values)
        {
            maximum = Math.Max(maximum, value);
        }

        if (double.IsNegativeInfinity(maximum))
        {
            return maximum;
        }

        double sum = 0;
        foreach (double value in values)
        {
            sum += Math.Exp(value - maximum);
        }

        return maximum + Math.Log(sum / values.Length);
    }

    /// <summary>The probabilities of all classes.</summary>
    /// <param name="logits">The network's output, one a class.</param>
    public static float[] Probabilities(ReadOnlySpan<float> logits)
    {
        float[] probabilities = new float[logits.Length];
        Write(logits, probabilities);
        return probabilities;
    }

    /// <summary>Writes the probabilities of all classes.</summary>
    /// <param name="logits">The network's output, one a class.</param>
    /// <param name="probabilities">Receives as many.</param>
    public static void Write(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        double maximum = Maximum(logits);
        double sum = SumOfExponentials(logits, maximum);
        for (int i = 0; i < probabilities.Length; i++)
        {
            probabilities[i] = (float)(Math.Exp(logits[i] - maximum) / sum);
        }
    }
}
