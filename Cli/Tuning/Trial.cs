namespace MLClassify.Cli.Tuning;

/// <summary>One choice of settings.</summary>
/// <param name="Settings">Options of <c>train</c>, without dashes, and their values.</param>
internal sealed record Trial(IReadOnlyList<(string Option, string Value)> Settings)
{
    public override string ToString() => string.Join(' ', Settings.Select(s => $"{s.Option}={s.Value}"));
}
