using MLClassify.Engines.Cpu.Kernels.Elementwise;
using MLClassify.Engines.Cpu.Kernels.Normalization;
using MLClassify.Engines.Cpu.Kernels.Pooling;
using MLClassify.Engines.Cpu.Memory;
using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Devices;

/// <summary>Everything but convolution and batch normalization.</summary>
internal sealed unsafe partial class SimdDevice<TSimd, TVector>
{
    public override void Relu(TensorView x, float ceiling, TensorView y) =>
        ElementwiseKernels<TSimd, TVector>.Relu(_team, x.Rows, x.Shape.Channels, ceiling, Pointer(x), Pointer(y));

    public override void ReluGradient(TensorView y, TensorView dy, float ceiling, GradientTarget dx) =>
        ElementwiseKernels<TSimd, TVector>.ReluGradient(_team, y.Rows, y.Shape.Channels, ceiling, Pointer(y), Pointer(dy), Pointer(dx.View), dx.Accumulate);

    public override void MaxPool(PoolWindow window, TensorView x, TensorView y, float* maxIndices) =>
        MaxPoolKernels<TSimd, TVector>.Forward(_team, Geometry(x.Shape, y, window.Kernel, window.Stride, window.Padding), Pointer(x), Pointer(y), maxIndices);

    public override void MaxPoolGradient(PoolWindow window, TensorView dy, float* maxIndices, GradientTarget dx) =>
        MaxPoolKernels<TSimd, TVector>.Gradient(_team, Geometry(dx.View.Shape, dy, window.Kernel, window.Stride, window.Padding), Pointer(dy), maxIndices, Pointer(dx.View), dx.Accumulate);

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

    public override void Clear(TensorView y) =>
        ElementwiseKernels<TSimd, TVector>.Clear(_team, y.Rows, y.Shape.Channels, Pointer(y));

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
