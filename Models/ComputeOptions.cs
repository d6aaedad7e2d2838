using MLClassify.Engines;

namespace MLClassify;

/// <summary>What computes, and how. Part of <c>FineTuneOptions</c>; models are loaded with it, too.</summary>
/// <remarks>On the managed engine no result depends on it. Other engines agree with it within rounding.</remarks>
public sealed record ComputeOptions
{
    private const string Group = "Compute";
    private const int MostThreads = 1_024;

    /// <summary>What computes. Default <see cref="ComputeDevice.Auto"/>: a graphics card where there is one and its library, else the managed engine.</summary>
    public ComputeDevice Device { get; init; } = ComputeDevice.Auto;

    /// <summary>The precision of products and maps. Default <see cref="ComputePrecision.Auto"/>. The managed engine has float32 alone.</summary>
    public ComputePrecision Precision { get; init; }

    /// <summary>Whether libtorch uses only algorithms that give the same bits every time on the same device. Default false. The managed engine always does.</summary>
    public bool Deterministic { get; init; }

    /// <summary>Threads that compute; all cores when 0. The result does not depend on it. Default 0; 0 to 1,024.</summary>
    public int Threads { get; init; }

    /// <summary>Threads that decode images; as many as compute when 0. The result does not depend on it. Default 0; 0 to 1,024.</summary>
    public int LoaderThreads { get; init; }

    /// <summary>Checks the settings.</summary>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    internal void Validate()
    {
        Check(nameof(Threads), Threads);
        Check(nameof(LoaderThreads), LoaderThreads);
        if (Device is null || !Enum.IsDefined(Precision))
        {
            throw Error(Device is null ? nameof(Device) : nameof(Precision), "is none of its values.");
        }
    }

    /// <summary>As an engine takes them.</summary>
    /// <param name="device">The device that was chosen.</param>
    internal EngineSettings ToSettings(ComputeDevice device) => new(device, Precision, Threads, Deterministic);

    private static void Check(string name, int value)
    {
        if (value is < 0 or > MostThreads)
        {
            throw Error(name, FormattableString.Invariant($"is {value}; it must be at least 0 and at most {MostThreads}."));
        }
    }

    private static ArgumentException Error(string name, string what)
    {
        var error = new ArgumentException($"{Group}.{name} {what}");
        error.Data["option"] = $"{Group}.{name}";
        return error;
    }
}
