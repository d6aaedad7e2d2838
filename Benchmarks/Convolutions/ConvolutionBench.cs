using MLClassify.Benchmarks.Measuring;
using MLClassify.Common;
using MLClassify.Engines.Cpu.Kernels;
using MLClassify.Engines.Cpu.Kernels.Convolution;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Kernels.Threading;
using MLClassify.Engines.Cpu.Memory;
using MLClassify.Preprocessing.Augmentation.Pixels;

namespace MLClassify.Benchmarks.Convolutions;

/// <summary>Times one convolution's passes on noise.</summary>
/// <param name="team">The threads that compute.</param>
/// <param name="workspace">Scratch memory.</param>
/// <param name="shape">The convolution.</param>
/// <param name="batch">Images.</param>
/// <param name="seconds">How long each pass is measured.</param>
internal sealed unsafe class ConvolutionBench(ThreadTeam team, Workspace workspace, ConvolutionShape shape, int batch, double seconds)
    : ILevelWork<IReadOnlyList<(ConvolutionPass Pass, double Seconds)>>
{
    /// <inheritdoc/>
    public IReadOnlyList<(ConvolutionPass Pass, double Seconds)> Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        ConvolutionGeometry g = shape.Geometry(batch);
        using Tensor x = Noise((long)g.Batch * g.InputHeight * g.InputWidth * g.InputChannels);
        using Tensor y = Noise((long)g.Batch * g.OutputHeight * g.OutputWidth * g.OutputChannels);
        using Tensor filters = Noise(ConvolutionKernels<TSimd, TVector>.Layout(g).Length);
        using var gradient = new Tensor(Math.Max(x.Length, filters.Length));
        var input = new MapPointer(x.Data, g.InputChannels);
        var output = new MapPointer(y.Data, g.OutputChannels);
        var inputGradient = new MapPointer(gradient.Data, g.InputChannels);
        float* w = filters.Data;
        float* dw = gradient.Data;
        return [.. shape.Passes.Select(pass => (pass, StepTimer.RunFor(Step(pass), seconds)))];

        Action Step(ConvolutionPass pass) => pass switch
        {
            ConvolutionPass.Forward => () => ConvolutionKernels<TSimd, TVector>.Forward(team, workspace, g, input, w, default, output),
            ConvolutionPass.InputGradient => () => ConvolutionKernels<TSimd, TVector>.InputGradient(team, workspace, g, output, w, inputGradient, accumulate: false),
            _ => () => ConvolutionKernels<TSimd, TVector>.FilterGradient(team, workspace, g, input, output, dw),
        };
    }

    // A short piece again and again: only that no value is special matters.
    private static Tensor Noise(long length)
    {
        const int piece = 4093;
        var random = CounterRandom.FromCounter(1);
        Span<float> values = stackalloc float[piece];
        foreach (ref float value in values)
        {
            value = (float)random.NextGaussian();
        }

        var tensor = new Tensor(length);
        for (Span<float> rest = tensor.Span; rest.Length > 0; rest = rest[Math.Min(piece, rest.Length)..])
        {
            values[..Math.Min(piece, rest.Length)].CopyTo(rest);
        }

        return tensor;
    }
}
