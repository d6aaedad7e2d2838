namespace MLClassify.Graphs.Rewriting;

/// <summary>A batch normalization that is part of the convolution before it: the graph has the convolution alone, with other filters and another bias.</summary>
/// <param name="Convolution">The convolution in the graph that was rewritten.</param>
/// <param name="Norm">The normalization in that graph.</param>
/// <param name="Bias">The rewritten graph's bias of the convolution.</param>
internal sealed record FoldedConvolution(Node Convolution, Node Norm, Parameter Bias)
{
    /// <summary>The filters; in the rewritten graph each output channel's are multiplied by its factor.</summary>
    public Parameter Weight => Convolution.Parameters[0];

    /// <summary>
    /// Computes what the fold makes: <c>y = (conv(x) + b - mean) * scale / sqrt(variance + epsilon) + shift</c> is a convolution whose
    /// filters are scaled.
    /// </summary>
    /// <param name="value">Gives a vector's values.</param>
    /// <param name="bias">Receives the values of <see cref="Bias"/>.</param>
    /// <returns>Each output channel's factor.</returns>
    public double[] Fold(Func<Parameter, ReadOnlySpan<float>> value, Span<float> bias)
    {
        float epsilon = ((Operators.BatchNormOperator)Norm.Operator).Epsilon;
        ReadOnlySpan<float> scale = value(Norm.Parameters[0]);
        ReadOnlySpan<float> shift = value(Norm.Parameters[1]);
        ReadOnlySpan<float> mean = value(Norm.Parameters[2]);
        ReadOnlySpan<float> variance = value(Norm.Parameters[3]);
        ReadOnlySpan<float> before = Convolution.Parameters.Count > 1 ? value(Convolution.Parameters[1]) : new float[scale.Length];
        double[] factors = new double[scale.Length];
        for (int output = 0; output < scale.Length; output++)
        {
            factors[output] = scale[output] / Math.Sqrt((double)variance[output] + epsilon);
            bias[output] = (float)(((before[output] - (double)mean[output]) * factors[output]) + shift[output]);
        }

        return factors;
    }
}
