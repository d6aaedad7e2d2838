using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Kernels.Convolution;
using MLClassify.Engines.Cpu.Kernels.Simd;

namespace MLClassify.Engines.Cpu.Kernels.Normalization;

/// <summary>What a normalization does to a channel: <c>(x - mean) * factor + offset</c>.</summary>
internal readonly unsafe struct NormLine
{
    /// <summary>Means, <c>[channels]</c>.</summary>
    public float* Mean { get; init; }

    /// <summary>Factors, <c>[channels]</c>.</summary>
    public float* Factor { get; init; }

    /// <summary>Offsets, <c>[channels]</c>.</summary>
    public float* Offset { get; init; }

    // Forward and backward pass compute it with the same operations, so that both see the same side of ReLU's kink.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TVector At<TSimd, TVector>(TVector x, int channel)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        => TSimd.MultiplyAdd(TSimd.Subtract(x, TSimd.Load(Mean + channel)), TSimd.Load(Factor + channel), TSimd.Load(Offset + channel));
}

/// <summary>How the gradient knows where ReLU after a normalization let values pass.</summary>
internal enum RectifierMask
{
    /// <summary>There is no ReLU.</summary>
    None,

    /// <summary>From the normalized input, computed again.</summary>
    FromInput,

    /// <summary>From the output, because a summand went into it.</summary>
    FromOutput,
}

/// <summary>The operands that the passes of a normalization's gradient share.</summary>
internal readonly struct NormGradientOperands
{
    /// <summary>Input of the forward pass.</summary>
    public MapPointer X { get; init; }

    /// <summary>Output of the forward pass; read with <see cref="RectifierMask.FromOutput"/> alone.</summary>
    public MapPointer Y { get; init; }

    /// <summary>The output's gradient.</summary>
    public MapPointer Dy { get; init; }

    /// <summary>What the forward pass did.</summary>
    public NormLine Line { get; init; }

    /// <summary>How ReLU is differentiated.</summary>
    public RectifierMask Mask { get; init; }

    /// <summary>ReLU's upper bound.</summary>
    public float Ceiling { get; init; }
}
