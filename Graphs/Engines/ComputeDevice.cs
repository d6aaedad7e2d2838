using System.Globalization;

namespace MLClassify;

/// <summary>What computes: the managed engine on the processor, or libtorch on a graphics card or on the processor.</summary>
/// <remarks>Everything but <see cref="Cpu"/> needs the package <c>MLClassify.Torch</c> and a package with the native library beside it.</remarks>
public sealed record ComputeDevice
{
    private const string CudaPrefix = "cuda:";
    private const int All = -1;

    private ComputeDevice(string name, int index = 0) => (Name, Index) = (name, index);

    /// <summary>A graphics card where the native library and a card are there; else the managed engine.</summary>
    public static ComputeDevice Auto { get; } = new("auto");

    /// <summary>The managed engine on the processor: the same seed gives the same bits.</summary>
    public static ComputeDevice Cpu { get; } = new("cpu");

    /// <summary>Apple's graphics processor, by libtorch.</summary>
    public static ComputeDevice Mps { get; } = new("mps");

    /// <summary>The processor, by libtorch: slower than <see cref="Cpu"/>; for tests of what will run on a card.</summary>
    public static ComputeDevice TorchCpu { get; } = new("torch-cpu");

    /// <summary>All of NVIDIA's cards that this process sees, by libtorch: each trains on a part of every batch. The first one predicts.</summary>
    public static ComputeDevice CudaAll { get; } = new("cuda", All);

    /// <summary>The kind: <c>auto</c>, <c>cpu</c>, <c>cuda</c>, <c>mps</c> or <c>torch-cpu</c>.</summary>
    public string Name { get; }

    /// <summary>Which card, from 0; -1 for <see cref="CudaAll"/>, 0 for all other kinds.</summary>
    public int Index { get; }

    /// <summary>Whether it is one of NVIDIA's cards.</summary>
    public bool IsCuda => Name == "cuda";

    /// <summary>One of NVIDIA's cards, by libtorch.</summary>
    /// <param name="index">Which, from 0. Default the first.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public static ComputeDevice Cuda(int index = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return new ComputeDevice("cuda", index);
    }

    /// <summary>Reads a device's name.</summary>
    /// <param name="text"><c>auto</c>, <c>cpu</c>, <c>cuda</c>, <c>cuda:N</c>, <c>cuda:all</c>, <c>mps</c> or <c>torch-cpu</c>.</param>
    /// <exception cref="ArgumentException">It is none of these.</exception>
    public static ComputeDevice Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.StartsWith(CudaPrefix, StringComparison.Ordinal) && int.TryParse(text.AsSpan(CudaPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int index))
        {
            return Cuda(index);
        }

        return text switch
        {
            "auto" => Auto,
            "cpu" => Cpu,
            "cuda" => Cuda(),
            "cuda:all" => CudaAll,
            "mps" => Mps,
            "torch-cpu" => TorchCpu,
            _ => throw new ArgumentException($"The device '{text}' is not known; known: auto, cpu, cuda, cuda:N, cuda:all, mps, torch-cpu.", nameof(text)),
        };
    }

    /// <summary>The name that <see cref="Parse"/> reads: <c>cpu</c>, <c>cuda:1</c>.</summary>
    public override string ToString() => this == CudaAll ? "cuda:all" : IsCuda ? FormattableString.Invariant($"{CudaPrefix}{Index}") : Name;
}
