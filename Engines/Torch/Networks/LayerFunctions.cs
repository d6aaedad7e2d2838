using MLClassify.Graphs;
using MLClassify.Graphs.Operators;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MLClassify.Engines.Torch.Networks;

/// <summary>What libtorch computes for each operator.</summary>
/// <param name="low">The shorter type that products and maps have; null where everything is float32.</param>
internal sealed class LayerFunctions(ScalarType? low)
{
    /// <summary>Computes a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="x">Its inputs.</param>
    /// <param name="w">Its parameters.</param>
    /// <param name="mode">Training or not.</param>
    /// <param name="inPlace">Whether a ReLU may overwrite its input.</param>
    /// <returns>A new tensor, never an input itself.</returns>
    public Tensor Compute(Node node, Tensor[] x, Tensor[] w, RunMode mode, bool inPlace) => node.Operator switch
    {
        ConvolutionOperator op => Convolution(op, x, w),
        LinearOperator op => Linear(op, x[0], w),
        BatchNormOperator op => BatchNorm(op, x, w, mode),
        ReluOperator op => inPlace ? ReluInPlace(x[0], op.Max) : Relu(x[0], op.Max),
        MaxPoolOperator { Window: var p } => functional.max_pool2d(x[0], [p.Kernel, p.Kernel], [p.Stride, p.Stride], [p.Padding, p.Padding], ceil_mode: p.CeilMode),
        AveragePoolOperator { Window: var p } => functional.avg_pool2d(x[0], [p.Kernel, p.Kernel], [p.Stride, p.Stride], [p.Padding, p.Padding]),
        AdaptiveAveragePoolOperator op => AdaptiveAveragePool(op, x[0]),
        LocalResponseNormOperator op => LocalResponseNorm(op, x[0]),
        DropoutOperator op => Dropout(op, x[0], mode),
        FlattenOperator => x[0].permute(0, 2, 3, 1).reshape(x[0].shape[0], -1, 1, 1),
        AddOperator => x[0].add(x[1]),
        ConcatOperator => cat(x, 1),
        PadChannelsOperator op => functional.pad(x[0], (ReadOnlySpan<long>)[0, 0, 0, 0, op.Before, op.After]),
        SigmoidOperator => x[0].sigmoid(),
        ScaleOperator => x[0].mul(x[1]),
        InputOperator => x[0].alias(),
        _ => throw new NotSupportedException($"The libtorch engine does not have the operator {node.Operator.Name} of '{node.Name}'."),
    };

    private static Tensor AdaptiveAveragePool(AdaptiveAveragePoolOperator op, Tensor x) => op is { Height: 1, Width: 1 }
        ? x.mean([2, 3], keepdim: true)
        : functional.adaptive_avg_pool2d(x, [op.Height, op.Width]);

    private static Tensor Relu(Tensor x, float max) => float.IsPositiveInfinity(max) ? x.relu() : x.clamp(0, max);

    private static Tensor ReluInPlace(Tensor x, float max)
    {
        _ = float.IsPositiveInfinity(max) ? x.relu_() : x.clamp_(0, max);
        return x.alias();
    }

    // A product's gradient does not need the product itself.
    private static Tensor ReluOver(Tensor y, float? max) => max is { } bound ? ReluInPlace(y, bound) : y;

    private static Tensor ReluAfter(Tensor y, float? max) => max is { } bound ? Relu(y, bound) : y;

    // A mask of the session's own generator: the seed and the batch's number decide it, whatever else draws in this process.
    private static Tensor Dropout(DropoutOperator op, Tensor x, RunMode mode)
    {
        if (!mode.IsTraining || op.Probability == 0)
        {
            return x.alias();
        }

        Tensor mask = empty_like(x).bernoulli_(1 - (double)op.Probability, mode.Generator!);
        return x.mul(mask.div_(1 - op.Probability));
    }

    private Tensor Low(Tensor x) => low is { } type ? x.to(type) : x;

    private Tensor Convolution(ConvolutionOperator op, Tensor[] x, Tensor[] w)
    {
        Tensor input = Low(x[0]);
        long[] padding = [op.PaddingTop, op.PaddingLeft];
        if (op.PaddingTop != op.PaddingBottom || op.PaddingLeft != op.PaddingRight)
        {
            input = functional.pad(input, (ReadOnlySpan<long>)[op.PaddingLeft, op.PaddingRight, op.PaddingTop, op.PaddingBottom]);
            padding = [0, 0];
        }

        Tensor y = functional.conv2d(input, Low(w[0]), w.Length > 1 ? Low(w[1]) : null, [op.StrideY, op.StrideX], padding, [1, 1], op.Groups);
        return ReluOver(x.Length > 1 ? y.add_(x[1]) : y, op.ReluMax);
    }

    private Tensor Linear(LinearOperator op, Tensor x, Tensor[] w)
    {
        Tensor rows = Low(x).reshape(x.shape[0], -1);
        Tensor y = functional.linear(rows, Low(w[0]), w.Length > 1 ? Low(w[1]) : null);
        return ReluOver(y.reshape(x.shape[0], op.Outputs, 1, 1), op.ReluMax);
    }

    // The factors and statistics stay in float32, in which libtorch also sums them.
    private static Tensor BatchNorm(BatchNormOperator op, Tensor[] x, Tensor[] w, RunMode mode)
    {
        Tensor y = functional.batch_norm(x[0], w[2], w[3], w[0], w[1], mode.UsesBatchStatistics, op.Momentum, op.Epsilon);
        return ReluAfter(op.AddsResidual ? y.add(x[1]) : y, op.ReluMax);
    }

    // Squares of many maps: in float32. libtorch divides alpha by the size.
    private Tensor LocalResponseNorm(LocalResponseNormOperator op, Tensor x) =>
        Low(functional.local_response_norm(x.to(ScalarType.Float32), op.Size, (double)op.Alpha * op.Size, op.Beta, op.K));
}
