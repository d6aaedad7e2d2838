namespace MLClassify.Engines.Cpu.Kernels;

/// <summary>The sizes of one convolution: <c>[Batch, InputHeight, InputWidth, InputChannels]</c> to <c>[Batch, OutputHeight, OutputWidth, OutputChannels]</c>.</summary>
internal readonly record struct ConvolutionGeometry
{
    /// <summary>Samples.</summary>
    public required int Batch { get; init; }

    /// <summary>The batch by which the algorithm is chosen: <see cref="Batch"/> unless results must not depend on it.</summary>
    public int PlannedBatch
    {
        get => field == 0 ? Batch : field;
        init;
    }

    /// <summary>Input rows.</summary>
    public required int InputHeight { get; init; }

    /// <summary>Input columns.</summary>
    public required int InputWidth { get; init; }

    /// <summary>Input channels, all groups together.</summary>
    public required int InputChannels { get; init; }

    /// <summary>Output rows.</summary>
    public required int OutputHeight { get; init; }

    /// <summary>Output columns.</summary>
    public required int OutputWidth { get; init; }

    /// <summary>Output channels, all groups together.</summary>
    public required int OutputChannels { get; init; }

    /// <summary>Filter rows.</summary>
    public required int KernelHeight { get; init; }

    /// <summary>Filter columns.</summary>
    public required int KernelWidth { get; init; }

    /// <summary>Rows from one output to the next.</summary>
    public required int StrideY { get; init; }

    /// <summary>Columns from one output to the next.</summary>
    public required int StrideX { get; init; }

    /// <summary>Rows of zeros above the input.</summary>
    public required int PaddingTop { get; init; }

    /// <summary>Columns of zeros to the left of the input.</summary>
    public required int PaddingLeft { get; init; }

    /// <summary>Groups of channels that do not mix.</summary>
    public required int Groups { get; init; }

    /// <summary>Filter positions.</summary>
    public int Taps => KernelHeight * KernelWidth;

    /// <summary>Input channels of one group.</summary>
    public int GroupInputs => InputChannels / Groups;

    /// <summary>Output channels of one group.</summary>
    public int GroupOutputs => OutputChannels / Groups;

    /// <summary>Whether each channel has its own filter.</summary>
    public bool IsDepthwise => Groups > 1 && Groups == InputChannels && Groups == OutputChannels;

    /// <summary>A linear layer as a convolution over one position.</summary>
    /// <param name="batch">Samples.</param>
    /// <param name="inputs">Input features.</param>
    /// <param name="outputs">Output features.</param>
    public static ConvolutionGeometry Linear(int batch, int inputs, int outputs) => new()
    {
        Batch = batch,
        InputHeight = 1,
        InputWidth = 1,
        InputChannels = inputs,
        OutputHeight = 1,
        OutputWidth = 1,
        OutputChannels = outputs,
        KernelHeight = 1,
        KernelWidth = 1,
        StrideY = 1,
        StrideX = 1,
        PaddingTop = 0,
        PaddingLeft = 0,
        Groups = 1,
    };
}
