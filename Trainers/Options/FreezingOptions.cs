using MLClassify.Trainers;

namespace MLClassify;

/// <summary>What of a trained backbone stays as it is, and how long. Part of <see cref="FineTuneOptions"/>.</summary>
public sealed record FreezingOptions
{
    private const string Group = nameof(FineTuneOptions.Freezing);

    /// <summary>
    /// The number of first epochs in which only the head is trained, at its full rate, while the backbone is frozen and runs as in
    /// inference. Default 0; below
    /// <see cref="FineTuneOptions.Epochs"/>; without effect where the head alone is trained anyway.
    /// </summary>
    public int Epochs { get; init; }

    /// <summary>
    /// Whether batch normalization keeps the statistics that the weights bring and normalizes by them, as small batches need. Default
    /// false: the batch's, which are averaged into the running ones.
    /// </summary>
    public bool BatchNorm { get; init; }

    /// <summary>Checks the settings.</summary>
    /// <param name="epochs">The epochs of the whole training.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    internal void Validate(int epochs)
    {
        OptionRange.Check($"{Group}.{nameof(Epochs)}", Epochs, 0, int.MaxValue);
        if (Epochs > 0 && Epochs >= epochs)
        {
            throw OptionError.Create($"{Group}.{nameof(Epochs)}", FormattableString.Invariant($"{Group}.{nameof(Epochs)} is {Epochs}; it must be below the {epochs} epochs."));
        }
    }
}
