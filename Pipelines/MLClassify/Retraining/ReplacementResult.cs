namespace MLClassify;

/// <summary>What became of a model that was trained anew.</summary>
public enum ReplacementOutcome
{
    /// <summary>There was no model before; the new one is in place.</summary>
    First,

    /// <summary>The new one is at least as good, or replacing was asked for in any case; the old one is kept beside it.</summary>
    Replaced,

    /// <summary>The new one is worse, or lacks a class; the old one stays in place.</summary>
    Kept,
}

/// <summary>How well a model does on the images that both are measured with.</summary>
/// <param name="Correct">Images that it recognized.</param>
/// <param name="Images">Images that could be read.</param>
public readonly record struct ModelAccuracy(long Correct, long Images)
{
    /// <summary>The share, 0..1; 0 without images.</summary>
    public double Accuracy => Images == 0 ? 0 : (double)Correct / Images;

    /// <summary>The share and the numbers behind it.</summary>
    public override string ToString() => FormattableString.Invariant($"{100 * Accuracy:0.0} % ({Correct} of {Images})");
}

/// <summary>The outcome of comparing a new model with the one in place.</summary>
/// <param name="Outcome">What was done.</param>
/// <param name="New">The new model's accuracy.</param>
/// <param name="Existing">That of the one in place; null where there was none, or none that could be read.</param>
/// <param name="ModelPath">The model's file.</param>
/// <param name="PreviousPath">Where the model is that was replaced; null where none was.</param>
public sealed record ReplacementResult(
    ReplacementOutcome Outcome, ModelAccuracy New, ModelAccuracy? Existing, string ModelPath, string? PreviousPath)
{
    /// <summary>Classes that the one in place knows, and the new one does not. Default none.</summary>
    public IReadOnlyList<string> LostClasses { get; init; } = [];

    /// <summary>
    /// How many of the images the model in place, or the new one, was trained on. Both accuracies leave them out, unless they are all: then
    /// the comparison favors the model that knows them. Default 0.
    /// </summary>
    public int Seen { get; init; }

    /// <summary>Whether <see cref="Seen"/> images were left out. Default false.</summary>
    public bool IsSeenLeftOut { get; init; }

    /// <summary>Whether the new model is in place.</summary>
    public bool IsInPlace => Outcome != ReplacementOutcome.Kept;

    /// <summary>Both accuracies, and what was done, in a few lines.</summary>
    public override string ToString()
    {
        string existing = Existing is { } accuracy ? $"in place: {accuracy}\n" : "";
        string done = Outcome switch
        {
            ReplacementOutcome.First => $"written: {ModelPath}",
            ReplacementOutcome.Replaced => $"replaced: {ModelPath}; the one before: {PreviousPath}",
            _ => $"kept: {ModelPath}, because the new model {Reason()}",
        };
        string seen = Seen == 0 ? "" : FormattableString.Invariant($"a model was trained on {Seen} of the held-out images: {(IsSeenLeftOut ? "they are left out" : "the comparison favors it")}\n");
        return $"new model: {New}\n{existing}{seen}{done}";
    }

    private string Reason() => LostClasses.Count > 0 ? $"does not know {string.Join(", ", LostClasses)}" : "is worse";
}
