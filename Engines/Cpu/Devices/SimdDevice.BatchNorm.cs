using MLClassify.Engines.Cpu.Kernels.Normalization;
using MLClassify.Engines.Cpu.Memory;

namespace MLClassify.Engines.Cpu.Devices;

/// <summary>Batch normalization.</summary>
internal sealed unsafe partial class SimdDevice<TSimd, TVector>
{
    public override void BatchNorm(in BatchNormArguments arguments, TensorView x, TensorView residual, TensorView y)
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

        for (int c = 0; c < channels; c++)
        {
            inverse[c] = (float)(1 / Math.Sqrt((double)inverse[c] + arguments.Epsilon));
        }

        _workspace.Reset();
        BatchNormKernels<TSimd, TVector>.Apply(_team, x.Rows, channels, Pointer(x), Line(arguments, channels), Pointer(residual), arguments.ReluMax, Pointer(y));
    }

    public override void BatchNormGradient(in BatchNormArguments arguments, TensorView x, TensorView y, TensorView dy, GradientTarget dx, GradientTarget dresidual, TensorView dscale, TensorView dshift)
    {
        int channels = x.Shape.Channels;
        float* inverse = arguments.Saved + channels;
        _workspace.Reset();
        double* sums = _workspace.Take<double>(channels);
        double* products = _workspace.Take<double>(channels);
        var operands = new NormGradientOperands
        {
            X = Pointer(x),
            Y = Pointer(y),
            Dy = Pointer(dy),
            Line = Line(arguments, channels),
            Mask = arguments.ReluMax is null ? RectifierMask.None : arguments.AddsResidual ? RectifierMask.FromOutput : RectifierMask.FromInput,
            Ceiling = arguments.ReluMax ?? 0,
        };
        BatchNormKernels<TSimd, TVector>.GradientSums(_team, _workspace, x.Rows, channels, operands, sums, products);
        float* a = _workspace.Take<float>(channels);
        float* b = _workspace.Take<float>(channels);
        float* offset = _workspace.Take<float>(channels);
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

            double factor = (double)arguments.Scale[c] * inverse[c];
            a[c] = (float)factor;
            b[c] = arguments.UseBatchStatistics ? (float)(-factor * inverse[c] * inverse[c] * products[c] / x.Rows) : 0;
            offset[c] = arguments.UseBatchStatistics ? (float)(-factor * sums[c] / x.Rows) : 0;
        }

        if (dx.IsWanted || dresidual.IsWanted)
        {
            BatchNormKernels<TSimd, TVector>.Gradient(_team, x.Rows, channels, operands, a, b, offset, Pointer(dx.View), dx.Accumulate, Pointer(dresidual.View), dresidual.Accumulate);
        }
    }

    private NormLine Line(in BatchNormArguments arguments, int channels)
    {
        float* factor = _workspace.Take<float>(channels);
        for (int c = 0; c < channels; c++)
        {
            factor[c] = arguments.Saved[channels + c] * arguments.Scale[c];
        }

        return new NormLine { Mean = arguments.Saved, Factor = factor, Offset = arguments.Shift };
    }
}
