namespace MLClassify.Engines.Cpu.Kernels.Pooling;

/// <summary>The sizes of a pooling: <c>[Batch, InputHeight, InputWidth, Channels]</c> to <c>[Batch, OutputHeight, OutputWidth, Channels]</c>.</summary>
internal readonly record struct PoolGeometry
{
    /// <summary>Samples.</summary>
    public required int Batch { get; init; }

    /// <summary>Input rows.</summary>
    public required int InputHeight { get; init; }

    /// <summary>Input columns.</summary>
    public required int InputWidth { get; init; }

    /// <summary>Output rows.</summary>
    public required int OutputHeight { get; init; }

    /// <summary>Output columns.</summary>
    public required int OutputWidth { get; init; }

    /// <summary>Channels.</summary>
    public required int Channels { get; init; }

    /// <summary>The window's side.</summary>
    public required int Kernel { get; init; }

    /// <summary>Step between windows.</summary>
    public required int Stride { get; init; }

    /// <summary>Border at each side.</summary>
    public required int Padding { get; init; }
}
