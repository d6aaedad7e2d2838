using System.Runtime.Intrinsics;
using MLClassify.Engines.Cpu.Kernels;
using MLClassify.Engines.Cpu.Kernels.Convolution;
using MLClassify.Engines.Cpu.Kernels.Convolution.Direct;
using MLClassify.Engines.Cpu.Kernels.Elementwise;
using MLClassify.Engines.Cpu.Kernels.Normalization;
using MLClassify.Engines.Cpu.Kernels.Pooling;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Engines.Cpu.Tests.Support;

/// <summary>Every kernel at one vector width, with a team and scratch memory: what lets a test be written once for all widths.</summary>
internal abstract unsafe class KernelSet(int threads) : IDisposable
{
    public ThreadTeam Team { get; } = new(threads);

    public Workspace Workspace { get; } = new();

    public abstract int Width { get; }

    public static KernelSet At(SimdLevel level, int threads = 2) => level switch
    {
        SimdLevel.Vector512 => new KernelSet<Simd512, Vector512<float>>(threads),
        SimdLevel.Vector256 => new KernelSet<Simd256, Vector256<float>>(threads),
        SimdLevel.Vector128 => new KernelSet<Simd128, Vector128<float>>(threads),
        _ => new KernelSet<SimdScalar, float>(threads),
    };

    public abstract FilterLayout Layout(int outputs, int groupInputs, int taps, int groups);

    public abstract long PreparedLength(in ConvolutionGeometry geometry);

    public abstract void Prepare(in ConvolutionGeometry geometry, float* filters, float* prepared);

    public abstract void Forward(in ConvolutionGeometry geometry, Map x, float* filters, in ConvolutionEpilogue epilogue, Map y, float* prepared = null);

    public abstract void InputGradient(in ConvolutionGeometry geometry, Map dy, float* filters, Map dx, bool accumulate);

    public abstract void FilterGradient(in ConvolutionGeometry geometry, Map x, Map dy, float* gradient);

    public abstract void ColumnSums(Map x, Map sums);

    public abstract void Statistics(Map x, Map mean, Map variance);

    public abstract void Normalize(Map x, Map mean, Map factor, Map offset, Map y);

    public abstract void NormGradientSums(Map x, Map mean, Map dy, double* sums, double* products);

    public abstract void NormGradient(Map x, Map mean, Map dy, Map a, Map b, Map c, Map dx, bool accumulate);

    public abstract void MaxPool(in PoolGeometry geometry, Map x, Map y, Map winners);

    public abstract void MaxPoolGradient(in PoolGeometry geometry, Map dy, Map winners, Map dx, bool accumulate);

    public abstract void AveragePool(in PoolGeometry geometry, Map x, Map y);

    public abstract void AveragePoolGradient(in PoolGeometry geometry, Map dy, Map dx, bool accumulate);

    public abstract void Copy(Map x, Map y, bool accumulate);

    public abstract void Add(Map a, Map b, Map y);

    public abstract void Relu(float ceiling, Map x, Map y);

    public abstract void ReluGradient(float ceiling, Map y, Map dy, Map dx, bool accumulate);

    public abstract void SigmoidGradient(Map y, Map dy, Map dx, bool accumulate);

    public abstract void Scale(int batch, Map x, Map factors, Map y);

    public abstract void ScaleGradient(int batch, Map x, Map factors, Map dy, Map? dx, bool accumulateX, Map? dfactors, bool accumulateFactors);

    public abstract void Sgd(in SgdStep step, Map values, Map gradients, Map? velocity);

    public abstract void Adam(in AdamStep step, Map values, Map gradients, Map first, Map second);

    public abstract void Axpby(float a, Map x, float b, Map y);

    public abstract double SumOfSquares(Map x);

    public void Dispose()
    {
        Team.Dispose();
        Workspace.Dispose();
    }
}

/// <summary>The kernels of one width.</summary>
internal sealed unsafe class KernelSet<TSimd, TVector>(int threads) : KernelSet(threads)
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public override int Width => TSimd.Width;

    public override FilterLayout Layout(int outputs, int groupInputs, int taps, int groups) => FilterLayout.For<TSimd, TVector>(outputs, groupInputs, taps, groups);

    public override long PreparedLength(in ConvolutionGeometry geometry) => ConvolutionKernels<TSimd, TVector>.PreparedLength(geometry);

    public override void Prepare(in ConvolutionGeometry geometry, float* filters, float* prepared) =>
        ConvolutionKernels<TSimd, TVector>.Prepare(Team, Workspace, geometry, filters, prepared);

    public override void Forward(in ConvolutionGeometry geometry, Map x, float* filters, in ConvolutionEpilogue epilogue, Map y, float* prepared = null) =>
        ConvolutionKernels<TSimd, TVector>.Forward(Team, Workspace, geometry, x.Pointer, filters, epilogue, y.Pointer, prepared);

    public override void InputGradient(in ConvolutionGeometry geometry, Map dy, float* filters, Map dx, bool accumulate) =>
        ConvolutionKernels<TSimd, TVector>.InputGradient(Team, Workspace, geometry, dy.Pointer, filters, dx.Pointer, accumulate);

    public override void FilterGradient(in ConvolutionGeometry geometry, Map x, Map dy, float* gradient) =>
        ConvolutionKernels<TSimd, TVector>.FilterGradient(Team, Workspace, geometry, x.Pointer, dy.Pointer, gradient);

    public override void ColumnSums(Map x, Map sums) => ColumnSumKernels<TSimd, TVector>.Run(Team, Workspace, x.Rows, x.Channels, x.Pointer, sums.Data);

    public override void Statistics(Map x, Map mean, Map variance) =>
        BatchNormKernels<TSimd, TVector>.Statistics(Team, Workspace, x.Rows, x.Channels, x.Pointer, mean.Data, variance.Data);

    public override void Normalize(Map x, Map mean, Map factor, Map offset, Map y) =>
        BatchNormKernels<TSimd, TVector>.Apply(Team, x.Rows, x.Channels, x.Pointer, new NormLine { Mean = mean.Data, Factor = factor.Data, Offset = offset.Data }, default, null, y.Pointer);

    public override void NormGradientSums(Map x, Map mean, Map dy, double* sums, double* products)
    {
        Workspace.Reset();
        BatchNormKernels<TSimd, TVector>.GradientSums(Team, Workspace, x.Rows, x.Channels, Plain(x, mean, dy), sums, products);
    }

    public override void NormGradient(Map x, Map mean, Map dy, Map a, Map b, Map c, Map dx, bool accumulate) =>
        BatchNormKernels<TSimd, TVector>.Gradient(Team, x.Rows, x.Channels, Plain(x, mean, dy), a.Data, b.Data, c.Data, dx.Pointer, accumulate, default, false);

    // Without summand and rectifier; those are tested through the sessions.
    private static NormGradientOperands Plain(Map x, Map mean, Map dy) => new() { X = x.Pointer, Dy = dy.Pointer, Line = new NormLine { Mean = mean.Data } };

    public override void MaxPool(in PoolGeometry geometry, Map x, Map y, Map winners) =>
        MaxPoolKernels<TSimd, TVector>.Forward(Team, geometry, x.Pointer, y.Pointer, winners.Data);

    public override void MaxPoolGradient(in PoolGeometry geometry, Map dy, Map winners, Map dx, bool accumulate) =>
        MaxPoolKernels<TSimd, TVector>.Gradient(Team, geometry, dy.Pointer, winners.Data, dx.Pointer, accumulate);

    public override void AveragePool(in PoolGeometry geometry, Map x, Map y) => AveragePoolKernels<TSimd, TVector>.Forward(Team, geometry, x.Pointer, y.Pointer);

    public override void AveragePoolGradient(in PoolGeometry geometry, Map dy, Map dx, bool accumulate) =>
        AveragePoolKernels<TSimd, TVector>.Gradient(Team, geometry, dy.Pointer, dx.Pointer, accumulate);

    public override void Copy(Map x, Map y, bool accumulate) => ElementwiseKernels<TSimd, TVector>.Copy(Team, x.Rows, x.Channels, x.Pointer, y.Pointer, accumulate);

    public override void Add(Map a, Map b, Map y) => ElementwiseKernels<TSimd, TVector>.Add(Team, a.Rows, a.Channels, a.Pointer, b.Pointer, y.Pointer);

    public override void Relu(float ceiling, Map x, Map y) => ElementwiseKernels<TSimd, TVector>.Relu(Team, x.Rows, x.Channels, ceiling, x.Pointer, y.Pointer);

    public override void ReluGradient(float ceiling, Map y, Map dy, Map dx, bool accumulate) =>
        ElementwiseKernels<TSimd, TVector>.ReluGradient(Team, y.Rows, y.Channels, ceiling, y.Pointer, dy.Pointer, dx.Pointer, accumulate);

    public override void SigmoidGradient(Map y, Map dy, Map dx, bool accumulate) =>
        ElementwiseKernels<TSimd, TVector>.SigmoidGradient(Team, y.Rows, y.Channels, y.Pointer, dy.Pointer, dx.Pointer, accumulate);

    public override void Scale(int batch, Map x, Map factors, Map y) =>
        ScaleKernels<TSimd, TVector>.Forward(Team, batch, x.Rows / batch, x.Channels, x.Pointer, factors.Pointer, y.Pointer);

    public override void ScaleGradient(int batch, Map x, Map factors, Map dy, Map? dx, bool accumulateX, Map? dfactors, bool accumulateFactors) =>
        ScaleKernels<TSimd, TVector>.Gradient(Team, batch, x.Rows / batch, x.Channels, x.Pointer, factors.Pointer, dy.Pointer, dx?.Pointer ?? default, accumulateX, dfactors?.Pointer ?? default, accumulateFactors);

    public override void Sgd(in SgdStep step, Map values, Map gradients, Map? velocity) =>
        OptimizerKernels<TSimd, TVector>.Sgd(Team, step, values.Data, gradients.Data, velocity is null ? null : velocity.Data, values.Channels);

    public override void Adam(in AdamStep step, Map values, Map gradients, Map first, Map second) =>
        OptimizerKernels<TSimd, TVector>.Adam(Team, step, values.Data, gradients.Data, first.Data, second.Data, values.Channels);

    public override void Axpby(float a, Map x, float b, Map y) => VectorKernels<TSimd, TVector>.Axpby(Team, a, x.Data, b, y.Data, y.Channels);

    public override double SumOfSquares(Map x) => VectorKernels<TSimd, TVector>.SumOfSquares(Team, Workspace, x.Data, x.Channels);
}
