using MLClassify.Engines.Cpu.Kernels;
using MLClassify.Preprocessing.Loading;
using MLClassify.WeightFiles.Onnx.Import;

namespace MLClassify.Benchmarks.Convolutions;

/// <summary>A convolution of a real network: one line of the shapes' file. Kernel, stride and padding are the same both ways.</summary>
/// <param name="Label">The layer that has it.</param>
/// <param name="Height">Input rows.</param>
/// <param name="Width">Input columns.</param>
/// <param name="Inputs">Input channels.</param>
/// <param name="Outputs">Output channels.</param>
/// <param name="Kernel">The filter's side.</param>
/// <param name="Stride">Positions from one output to the next.</param>
/// <param name="Padding">Zeros on each side.</param>
/// <param name="Groups">Groups of channels that do not mix.</param>
/// <param name="Counts">How often each network of the file has it.</param>
internal sealed record ConvolutionShape(
    string Label, int Height, int Width, int Inputs, int Outputs, int Kernel, int Stride, int Padding, int Groups, IReadOnlyList<int> Counts)
{
    private const int ColorChannels = 3;

    /// <summary>The sizes for people: <c>56x56x64 to 64, 3x3 /1</c>.</summary>
    public string Sizes =>
        FormattableString.Invariant($"{Height}x{Width}x{Inputs} to {Outputs}, {Kernel}x{Kernel} /{Stride}{(Groups > 1 ? $" groups {Groups}" : "")}");

    /// <summary>What training does with it: nobody wants the gradient of the image itself.</summary>
    public IEnumerable<ConvolutionPass> Passes =>
        Enum.GetValues<ConvolutionPass>().Where(pass => pass != ConvolutionPass.InputGradient || Inputs != ColorChannels);

    private int OutputHeight => ((Height + (2 * Padding) - Kernel) / Stride) + 1;

    private int OutputWidth => ((Width + (2 * Padding) - Kernel) / Stride) + 1;

    /// <summary>Operations of one pass by the definition, two for each multiply-add.</summary>
    /// <param name="batch">Images.</param>
    public long Flops(int batch) => 2L * batch * OutputHeight * OutputWidth * Outputs * (Inputs / Groups) * Kernel * Kernel;

    /// <summary>The sizes for the kernels.</summary>
    /// <param name="batch">Images.</param>
    public ConvolutionGeometry Geometry(int batch) => new()
    {
        Batch = batch,
        InputHeight = Height,
        InputWidth = Width,
        InputChannels = Inputs,
        OutputHeight = OutputHeight,
        OutputWidth = OutputWidth,
        OutputChannels = Outputs,
        KernelHeight = Kernel,
        KernelWidth = Kernel,
        StrideY = Stride,
        StrideX = Stride,
        PaddingTop = Padding,
        PaddingLeft = Padding,
        Groups = Groups,
    };
}
