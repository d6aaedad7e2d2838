namespace MLClassify.Trainers;

/// <summary>One choice of settings that a search tries.</summary>
public sealed class SearchTrial
{
    private readonly IReadOnlyList<Func<FineTuneOptions, FineTuneOptions>> _changes;

    internal SearchTrial(IReadOnlyList<(string Name, string Value)> settings, IReadOnlyList<Func<FineTuneOptions, FineTuneOptions>> changes)
    {
        Settings = settings;
        _changes = changes;
    }

    /// <summary>The settings' names and values as text, in the order in which the space names them.</summary>
    public IReadOnlyList<(string Name, string Value)> Settings { get; }

    /// <summary>Options with these settings in place of their own.</summary>
    /// <param name="options">The options.</param>
    public FineTuneOptions Apply(FineTuneOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return _changes.Aggregate(options, (changed, change) => change(changed));
    }

    /// <summary>The settings as <c>lr=0.01 dropout=0.5</c>.</summary>
    public override string ToString() => string.Join(' ', Settings.Select(s => $"{s.Name}={s.Value}"));
}
