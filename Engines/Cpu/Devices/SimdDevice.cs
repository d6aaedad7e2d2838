using System.Diagnostics;
using MLClassify.Engines.Cpu.Kernels;
using MLClassify.Engines.Cpu.Kernels.Convolution;
using MLClassify.Engines.Cpu.Kernels.Convolution.Direct;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Kernels.Threading;
using MLClassify.Engines.Cpu.Memory;
using MLClassify.Graphs;

namespace MLClassify.Engines.Cpu.Devices;

/// <summary>The processor at one vector width.</summary>
internal sealed unsafe partial class SimdDevice<TSimd, TVector> : CpuDevice
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private readonly ThreadTeam _team;
    private readonly Workspace _workspace = new();

    public SimdDevice(int threads)
    {
        _team = new ThreadTeam(threads);
    }

    public override string Name => FormattableString.Invariant($"CPU, {TSimd.Level}, {_team.Size} thread(s)");

    public override long PackedLength(Parameter parameter) => TryLayout(parameter, out FilterLayout layout) ? layout.Length : parameter.Count;

    public override void Pack(Parameter parameter, ReadOnlySpan<float> values, Span<float> packed)
    {
        if (!TryLayout(parameter, out FilterLayout layout))
        {
            values.CopyTo(packed);
        }
        else if (parameter.FlattenedFrom is { } map)
        {
            float[] reordered = new float[values.Length];
            FeatureOrder.ToChannelsLast(values, reordered, map);
            layout.Pack(reordered, packed);
        }
        else
        {
            layout.Pack(values, packed);
        }
    }

    public override void Unpack(Parameter parameter, ReadOnlySpan<float> packed, Span<float> values)
    {
        if (!TryLayout(parameter, out FilterLayout layout))
        {
            packed[..values.Length].CopyTo(values);
        }
        else if (parameter.FlattenedFrom is { } map)
        {
            float[] reordered = new float[values.Length];
            layout.Unpack(packed, reordered);
            FeatureOrder.ToChannelsFirst(reordered, values, map);
        }
        else
        {
            layout.Unpack(packed, values);
        }
    }

    public override void ScaleFilters(Parameter parameter, ReadOnlySpan<float> packed, ReadOnlySpan<double> factors, Span<float> scaled)
    {
        bool hasLayout = TryLayout(parameter, out FilterLayout layout);
        Debug.Assert(hasLayout, "Only filters have output channels.");
        layout.Scale(packed, factors, scaled);
    }

    public override long PreparedFilterLength(in ConvolutionGeometry geometry) => ConvolutionKernels<TSimd, TVector>.PreparedLength(geometry);

    public override void PrepareFilters(in ConvolutionGeometry geometry, TensorView weight, TensorView prepared) =>
        ConvolutionKernels<TSimd, TVector>.Prepare(_team, _workspace, geometry, weight.Data, prepared.Data);

    public override void Convolution(in ConvolutionGeometry geometry, TensorView x, TensorView weight, TensorView prepared, TensorView bias, TensorView residual, float? reluCeiling, TensorView y)
    {
        var epilogue = new ConvolutionEpilogue
        {
            Bias = bias.Data,
            Residual = Pointer(residual),
            Rectify = reluCeiling is not null,
            Ceiling = reluCeiling ?? 0,
        };
        ConvolutionKernels<TSimd, TVector>.Forward(_team, _workspace, geometry, Pointer(x), weight.Data, epilogue, Pointer(y), prepared.Data);
    }

    public override void ConvolutionInputGradient(in ConvolutionGeometry geometry, TensorView dy, TensorView weight, GradientTarget dx) =>
        ConvolutionKernels<TSimd, TVector>.InputGradient(_team, _workspace, geometry, Pointer(dy), weight.Data, Pointer(dx.View), dx.Accumulate);

    public override void ConvolutionWeightGradient(in ConvolutionGeometry geometry, TensorView x, TensorView dy, TensorView dw, TensorView db)
    {
        if (!dw.IsAbsent)
        {
            ConvolutionKernels<TSimd, TVector>.FilterGradient(_team, _workspace, geometry, Pointer(x), Pointer(dy), dw.Data);
        }

        if (!db.IsAbsent)
        {
            ColumnSumKernels<TSimd, TVector>.Run(_team, _workspace, dy.Rows, dy.Shape.Channels, Pointer(dy), db.Data);
        }
    }

    public override (double LossSum, int Correct) SoftmaxCrossEntropy(TensorView logits, ReadOnlySpan<int> labels, float labelSmoothing, TensorView gradient)
    {
        double sum = 0;
        int right = 0;
        int classes = logits.Shape.Channels;
        for (int sample = 0; sample < labels.Length; sample++)
        {
            var row = new ReadOnlySpan<float>(logits.Data + ((long)sample * logits.Stride), classes);
            Span<float> slope = gradient.IsAbsent ? default : new Span<float>(gradient.Data + ((long)sample * gradient.Stride), classes);
            sum += SoftmaxKernels.CrossEntropy(row, labels[sample], labelSmoothing, slope, 1.0 / labels.Length, out bool correct);
            right += correct ? 1 : 0;
        }

        return (sum, right);
    }

    public override (double LossSum, int Correct) SoftmaxCrossEntropy(TensorView logits, ReadOnlySpan<float> targets, TensorView gradient)
    {
        double sum = 0;
        int right = 0;
        int classes = logits.Shape.Channels;
        int samples = targets.Length / classes;
        for (int sample = 0; sample < samples; sample++)
        {
            var row = new ReadOnlySpan<float>(logits.Data + ((long)sample * logits.Stride), classes);
            Span<float> slope = gradient.IsAbsent ? default : new Span<float>(gradient.Data + ((long)sample * gradient.Stride), classes);
            sum += SoftmaxKernels.CrossEntropy(row, targets.Slice(sample * classes, classes), slope, 1.0 / samples, out bool correct);
            right += correct ? 1 : 0;
        }

        return (sum, right);
    }

    public override double MeanSquaredError(TensorView outputs, ReadOnlySpan<float> targets, TensorView gradient)
    {
        double sum = 0;
        int length = outputs.Shape.Channels;
        int samples = targets.Length / length;
        for (int sample = 0; sample < samples; sample++)
        {
            var row = new ReadOnlySpan<float>(outputs.Data + ((long)sample * outputs.Stride), length);
            Span<float> slope = gradient.IsAbsent ? default : new Span<float>(gradient.Data + ((long)sample * gradient.Stride), length);
            sum += SquaredErrorKernels.MeanSquaredError(row, targets.Slice(sample * length, length), slope, 1.0 / samples);
        }

        return sum;
    }

    public override void SgdStep(in SgdStep step, Span<float> values, ReadOnlySpan<float> gradients, Span<float> velocity)
    {
        fixed (float* w = values, g = gradients, v = velocity)
        {
            OptimizerKernels<TSimd, TVector>.Sgd(_team, step, w, g, v, values.Length);
        }
    }

    public override void AdamStep(in AdamStep step, Span<float> values, ReadOnlySpan<float> gradients, Span<float> first, Span<float> second)
    {
        fixed (float* w = values, g = gradients, m = first, v = second)
        {
            OptimizerKernels<TSimd, TVector>.Adam(_team, step, w, g, m, v, values.Length);
        }
    }

    public override void Axpby(float a, ReadOnlySpan<float> x, float b, Span<float> y)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        fixed (float* from = x, to = y)
        {
            VectorKernels<TSimd, TVector>.Axpby(_team, a, from, b, to, y.Length);
        }
    }

    public override double SumOfSquares(ReadOnlySpan<float> x)
    {
        fixed (float* values = x)
        {
            return VectorKernels<TSimd, TVector>.SumOfSquares(_team, _workspace, values, x.Length);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _team.Dispose();
            _workspace.Dispose();
        }
    }

    private static MapPointer Pointer(TensorView view) => new(view.Data, view.Stride);

    private static bool TryLayout(Parameter parameter, out FilterLayout layout)
    {
        IReadOnlyList<int> d = parameter.Dimensions;
        layout = parameter.Role switch
        {
            ParameterRole.ConvolutionWeight => FilterLayout.For<TSimd, TVector>(d[0], d[1], d[2] * d[3], parameter.Groups),
            ParameterRole.LinearWeight => FilterLayout.For<TSimd, TVector>(d[0], d[1], 1, 1),
            _ => default,
        };
        return parameter.Role is ParameterRole.ConvolutionWeight or ParameterRole.LinearWeight;
    }
}
