using MLClassify.Trainers;

namespace MLClassify.Cli.Tuning;

/// <summary>One choice of settings, which are options of <c>train</c>, without dashes, and their values.</summary>
/// <param name="Choice">The choice.</param>
internal sealed record Trial(SearchTrial Choice)
{
    public IReadOnlyList<(string Option, string Value)> Settings => Choice.Settings;

    public override string ToString() => Choice.ToString();
}
