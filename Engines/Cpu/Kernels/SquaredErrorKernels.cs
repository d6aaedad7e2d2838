namespace MLClassify.Engines.Cpu.Kernels;

/// <summary>Mean squared error. A batch of outputs is small beside the network: one thread, double precision, a fixed order.</summary>
internal static class SquaredErrorKernels
{
    /// <summary>The mean over one sample's outputs of <c>(output - target)^2</c>, and its gradient times a factor.</summary>
    /// <param name="outputs">What the network says, <c>[length]</c>.</param>
    /// <param name="targets">What it should say, <c>[length]</c>.</param>
    /// <param name="gradient">The outputs' gradient, <c>[length]</c>, or empty.</param>
    /// <param name="factor">Multiplies the gradient: one over the batch size for a mean.</param>
    /// <returns>The loss.</returns>
    public static double MeanSquaredError(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, Span<float> gradient, double factor)
    {
        double sum = 0;
        double slope = 2 * factor / outputs.Length;
        for (int i = 0; i < outputs.Length; i++)
        {
            double difference = (double)outputs[i] - targets[i];
            sum += difference * difference;
            if (!gradient.IsEmpty)
            {
                gradient[i] = (float)(slope * difference);
            }
        }

        return sum / outputs.Length;
    }
}
