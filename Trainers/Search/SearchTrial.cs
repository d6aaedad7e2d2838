namespace MLClassify.Trainers;

/// <summary>One choice of settings that a search tries.</summary>
public sealed class SearchTrial
{
    private readonly Func<FineTuneOptions, FineTuneOptions> _apply;

    /// <summary>A choice that no <see cref="SearchSpace"/> made.</summary>
    /// <param name="settings">The settings' names and values as text, for tables.</param>
    /// <param name="apply">Puts the settings into options.</param>
    public SearchTrial(IReadOnlyList<(string Name, string Value)> settings, Func<FineTuneOptions, FineTuneOptions> apply)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(apply);
        Settings = settings;
        _apply = apply;
    }

    /// <summary>The settings' names and values as text, in the order in which the space names them.</summary>
    public IReadOnlyList<(string Name, string Value)> Settings { get; }

    /// <summary>Options with these settings in place of their own.</summary>
    /// <param name="options">The options.</param>
    public FineTuneOptions Apply(FineTuneOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return _apply(options);
    }

    /// <summary>The settings as <c>lr=0.01 dropout=0.5</c>.</summary>
    public override string ToString() => string.Join(' ', Settings.Select(s => $"{s.Name}={s.Value}"));
}
