using MLClassify.Trainers;

namespace MLClassify;

/// <summary>What computes. No result depends on it. Part of <see cref="FineTuneOptions"/>.</summary>
public sealed record ComputeOptions
{
    private const string Group = nameof(FineTuneOptions.Compute);

    /// <summary>Threads that compute; all cores when 0. The result does not depend on it. Default 0; 0 to 1,024.</summary>
    public int Threads { get; init; }

    /// <summary>Threads that decode images; as many as compute when 0. The result does not depend on it. Default 0; 0 to 1,024.</summary>
    public int LoaderThreads { get; init; }

    /// <summary>Checks the settings.</summary>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    internal void Validate()
    {
        OptionRange.Check($"{Group}.{nameof(Threads)}", Threads, 0, 1_024);
        OptionRange.Check($"{Group}.{nameof(LoaderThreads)}", LoaderThreads, 0, 1_024);
    }
}
