using MLClassify.Graphs.Operators;
using MLClassify.Kernels.Elementwise;
using MLClassify.Kernels.Normalization;
using MLClassify.Kernels.Pooling;

namespace MLClassify.Graphs.Devices;

/// <summary>Everything that is not a convolution.</summary>
internal sealed unsafe partial class CpuDevice<TSimd, TVector>
{
    public override void BatchNorm(in BatchNormArguments arguments, TensorView x, TensorView y)
    {
        int channels = x.Shape.Channels;
        float* mean = arguments.Saved;
        float* inverse = mean + channels;
        if (arguments.UseBatchStatistics)
        {
            // The variance stands where its inverse root is about to.
            BatchNormKernels<TSimd, TVector>.Statistics(_team, _workspace, x.Rows, channels, Pointer(x), mean, inverse);
            double unbiased = x.Rows > 1 ? (double)x.Rows / (x.Rows - 1) : 1;
            for (int c = 0; c < channels; c++)
            {
                arguments.RunningMean[c] += arguments.Momentum * (mean[c] - arguments.RunningMean[c]);
                arguments.RunningVariance[c] += arguments.Momentum * ((float)(inverse[c] * unbiased) - arguments.RunningVariance[c]);
            }
        }
        else
        {
            new Span<float>(arguments.RunningMean, channels).CopyTo(new Span<float>(mean, channels));
            new Span<float>(arguments.RunningVariance, channels).CopyTo(new Span<float>(inverse, channels));
        }

        _workspace.Reset();
        float* factor = _workspace.Take<float>(channels);
        for (int c = 0; c < channels; c++)
        {
            inverse[c] = (float)(1 / Math.Sqrt((double)inverse[c] + arguments.Epsilon));
            factor[c] = inverse[c] * arguments.Scale[c];
        }

        BatchNormKernels<TSimd, TVector>.Apply(_team, x.Rows, channels, Pointer(x), mean, factor, arguments.Shift, Pointer(y));
    }

    public override void BatchNormGradient(in BatchNormArguments arguments, TensorView x, TensorView dy, GradientTarget dx, TensorView dscale, TensorView dshift)
    {
        int channels = x.Shape.Channels;
        float* mean = arguments.Saved;
        float* inverse = mean + channels;
        _workspace.Reset();
        double* sums = _workspace.Take<double>(channels);
        double* products = _workspace.Take<double>(channels);
        BatchNormKernels<TSimd, TVector>.GradientSums(_team, _workspace, x.Rows, channels, Pointer(x), mean, Pointer(dy), sums, products);
        for (int c = 0; c < channels; c++)
        {
            if (!dscale.IsAbsent)
            {
                dscale.Data[c] = (float)(products[c] * inverse[c]);
            }

            if (!dshift.IsAbsent)
            {
                dshift.Data[c] = (float)sums[c];
            }
        }

        if (!dx.IsWanted)
        {
            return;
        }

        float* a = _workspace.Take<float>(channels);
        float* b = _workspace.Take<float>(channels);
        float* offset = _workspace.Take<float>(channels);
        for (int c = 0; c < channels; c++)
        {
            double factor = (double)arguments.Scale[c] * inverse[c];
            a[c] = (float)factor;
            b[c] = arguments.UseBatchStatistics ? (float)(-factor * inverse[c] * inverse[c] * products[c] / x.Rows) : 0;
            offset[c] = arguments.UseBatchStatistics ? (float)(-factor * sums[c] / x.Rows) : 0;
        }

        BatchNormKernels<TSimd, TVector>.Gradient(_team, x.Rows, channels, Pointer(x), mean, Pointer(dy), a, b, offset, Pointer(dx.View), dx.Accumulate);
    }

    public override void Relu(TensorView x, float ceiling, TensorView y) =>
        ElementwiseKernels<TSimd, TVector>.Relu(_team, x.Rows, x.Shape.Channels, ceiling, Pointer(x), Pointer(y));

    public override void ReluGradient(TensorView y, TensorView dy, float ceiling, GradientTarget dx) =>
        ElementwiseKernels<TSimd, TVector>.ReluGradient(_team, y.Rows, y.Shape.Channels, ceiling, Pointer(y), Pointer(dy), Pointer(dx.View), dx.Accumulate);

    public override void MaxPool(PoolWindow window, TensorView x, TensorView y, float* winners) =>
        MaxPoolKernels<TSimd, TVector>.Forward(_team, Geometry(x.Shape, y, window.Kernel, window.Stride, window.Padding), Pointer(x), Pointer(y), winners);

    public override void MaxPoolGradient(PoolWindow window, TensorView dy, float* winners, GradientTarget dx) =>
        MaxPoolKernels<TSimd, TVector>.Gradient(_team, Geometry(dx.View.Shape, dy, window.Kernel, window.Stride, window.Padding), Pointer(dy), winners, Pointer(dx.View), dx.Accumulate);

    public override void AveragePool(PoolWindow window, TensorView x, TensorView y) =>
        AveragePoolKernels<TSimd, TVector>.Forward(_team, Geometry(x.Shape, y, window.Kernel, window.Stride, window.Padding), Pointer(x), Pointer(y));

    public override void AveragePoolGradient(PoolWindow window, TensorView dy, GradientTarget dx) =>
        AveragePoolKernels<TSimd, TVector>.Gradient(_team, Geometry(dx.View.Shape, dy, window.Kernel, window.Stride, window.Padding), Pointer(dy), Pointer(dx.View), dx.Accumulate);

    public override void AdaptiveAveragePool(TensorView x, TensorView y) =>
        AveragePoolKernels<TSimd, TVector>.Forward(_team, Geometry(x.Shape, y, 0, 0, 0), Pointer(x), Pointer(y));

    public override void AdaptiveAveragePoolGradient(TensorView dy, GradientTarget dx) =>
        AveragePoolKernels<TSimd, TVector>.Gradient(_team, Geometry(dx.View.Shape, dy, 0, 0, 0), Pointer(dy), Pointer(dx.View), dx.Accumulate);

    public override void LocalResponseNorm(LocalResponseNormOperator operation, TensorView x, TensorView y) =>
        LocalResponseNormKernels.Forward(_team, _workspace, Constants(operation), x.Rows, x.Shape.Channels, Pointer(x), Pointer(y));

    public override void LocalResponseNormGradient(LocalResponseNormOperator operation, TensorView x, TensorView y, TensorView dy, GradientTarget dx) =>
        LocalResponseNormKernels.Gradient(_team, _workspace, Constants(operation), x.Rows, x.Shape.Channels, Pointer(x), Pointer(y), Pointer(dy), Pointer(dx.View), dx.Accumulate);

    public override void Dropout(TensorView x, float probability, ulong seed, GradientTarget y)
    {
        if (probability > 0)
        {
            DropoutKernels.Apply(_team, x.Rows, x.Shape.Channels, probability, seed, Pointer(x), Pointer(y.View), y.Accumulate);
        }
        else if (y.Accumulate || x.Data != y.View.Data)
        {
            Copy(x, y);
        }
    }

    public override void Add(TensorView left, TensorView right, TensorView y) =>
        ElementwiseKernels<TSimd, TVector>.Add(_team, y.Rows, y.Shape.Channels, Pointer(left), Pointer(right), Pointer(y));

    public override void Copy(TensorView x, GradientTarget y) =>
        ElementwiseKernels<TSimd, TVector>.Copy(_team, x.Rows, x.Shape.Channels, Pointer(x), Pointer(y.View), y.Accumulate);

    public override void Sigmoid(TensorView x, TensorView y) => SigmoidKernels.Forward(_team, x.Rows, x.Shape.Channels, Pointer(x), Pointer(y));

    public override void SigmoidGradient(TensorView y, TensorView dy, GradientTarget dx) =>
        ElementwiseKernels<TSimd, TVector>.SigmoidGradient(_team, y.Rows, y.Shape.Channels, Pointer(y), Pointer(dy), Pointer(dx.View), dx.Accumulate);

    public override void Scale(TensorView x, TensorView factors, TensorView y) =>
        ScaleKernels<TSimd, TVector>.Forward(_team, x.Batch, x.Shape.Pixels, x.Shape.Channels, Pointer(x), Pointer(factors), Pointer(y));

    public override void ScaleGradient(TensorView x, TensorView factors, TensorView dy, GradientTarget dx, GradientTarget dfactors) =>
        ScaleKernels<TSimd, TVector>.Gradient(_team, x.Batch, x.Shape.Pixels, x.Shape.Channels, Pointer(x), Pointer(factors), Pointer(dy), Pointer(dx.View), dx.Accumulate, Pointer(dfactors.View), dfactors.Accumulate);

    private static LocalResponseNormConstants Constants(LocalResponseNormOperator operation) => new(operation.Size, operation.K, operation.Alpha, operation.Beta);

    private static PoolGeometry Geometry(Shape input, TensorView y, int kernel, int stride, int padding) => new()
    {
        Batch = y.Batch,
        InputHeight = input.Height,
        InputWidth = input.Width,
        OutputHeight = y.Shape.Height,
        OutputWidth = y.Shape.Width,
        Channels = input.Channels,
        Kernel = kernel,
        Stride = stride,
        Padding = padding,
    };
}
