using System.Globalization;
using MLClassify.Common;

namespace MLClassify.Trainers;

/// <summary>
/// The settings that a search goes through: <c>new SearchSpace().Vary("lr", [0.1, 0.01], (o, rate) => o with { LearningRate = rate })</c>.
/// Immutable: every call gives another space.
/// </summary>
public sealed class SearchSpace
{
    /// <summary>The largest number of trials that <see cref="Grid"/> and <see cref="Draw"/> give.</summary>
    public const int MostTrials = 10_000;

    private readonly IReadOnlyList<Dimension> _dimensions;

    /// <summary>A space with nothing to vary: its grid is one trial without settings.</summary>
    public SearchSpace()
        : this([])
    {
    }

    private SearchSpace(IReadOnlyList<Dimension> dimensions) => _dimensions = dimensions;

    /// <summary>The settings' names.</summary>
    public IEnumerable<string> Names => _dimensions.Select(d => d.Name);

    /// <summary>How many trials the grid has; infinite where a setting has a range.</summary>
    public double Combinations => _dimensions.Aggregate(1.0, (product, d) => product * (d.Values?.Count ?? double.PositiveInfinity));

    /// <summary>Adds a setting with the values that it may have.</summary>
    /// <typeparam name="T">The values' type.</typeparam>
    /// <param name="name">Its name in tables; not yet in the space.</param>
    /// <param name="values">The values, at least one.</param>
    /// <param name="apply">Puts a value into options: <c>(options, rate) => options with { LearningRate = rate }</c>.</param>
    /// <exception cref="ArgumentException">The name is empty or taken, or there is no value.</exception>
    public SearchSpace Vary<T>(string name, IEnumerable<T> values, Func<FineTuneOptions, T, FineTuneOptions> apply)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(apply);
        Choice[] choices = [.. values.Select(value => new Choice(
            string.Create(CultureInfo.InvariantCulture, $"{value}"), options => apply(options, value)))];
        return choices.Length > 0 ? With(new Dimension(name, choices, _ => default)) : throw new ArgumentException($"{name} has no values.", nameof(values));
    }

    /// <summary>
    /// Adds a setting that may have any value of a range, for <see cref="Draw"/>. In a range above 0 that spans a factor of ten, every factor is
    /// as likely: that is how rates and decays are looked for (Bergstra and Bengio 2012, "Random search for hyper-parameter optimization").
    /// </summary>
    /// <param name="name">Its name in tables; not yet in the space.</param>
    /// <param name="from">The smallest value; finite.</param>
    /// <param name="to">The largest value; finite, above <paramref name="from"/>.</param>
    /// <param name="apply">Puts a value into options. The value has three digits.</param>
    /// <param name="isWhole">Whether values are whole numbers.</param>
    /// <exception cref="ArgumentException">The name is empty or taken, or the range is none.</exception>
    public SearchSpace VaryBetween(string name, double from, double to, Func<FineTuneOptions, double, FineTuneOptions> apply, bool isWhole = false)
    {
        ArgumentNullException.ThrowIfNull(apply);
        if (!(double.IsFinite(to - from) && from < to) || (isWhole && Math.Ceiling(from) > Math.Floor(to)))
        {
            throw new ArgumentException(FormattableString.Invariant($"{name}: {from} to {to} is no range from a smaller number to a larger one."));
        }

        return With(new Dimension(name, null, place =>
        {
            double value = from > 0 && to >= 10 * from ? from * Math.Pow(to / from, place) : from + (place * (to - from));

            // What the table says is what is tried; rounding does not lead out of the range.
            double shown = isWhole
                ? Math.Clamp(Math.Round(value), Math.Ceiling(from), Math.Floor(to))
                : Math.Clamp(double.Parse(value.ToString("g3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture), from, to);
            return new Choice(shown.ToString(CultureInfo.InvariantCulture), options => apply(options, shown));
        }));
    }

    /// <summary>Every combination; the last setting changes fastest.</summary>
    /// <exception cref="InvalidOperationException">A setting has a range, or there are more than <see cref="MostTrials"/> combinations.</exception>
    public IReadOnlyList<SearchTrial> Grid()
    {
        if (Combinations > MostTrials)
        {
            throw new InvalidOperationException(_dimensions.FirstOrDefault(d => d.Values is null) is { } range
                ? $"{range.Name} has a range, from which only {nameof(Draw)} can take values."
                : FormattableString.Invariant($"There are {Combinations} combinations, more than {MostTrials}; {nameof(Draw)} takes some of them."));
        }

        IEnumerable<(string Name, Choice Choice)[]> all = [[]];
        foreach (Dimension dimension in _dimensions)
        {
            all = all.SelectMany(_ => dimension.Values!, (before, value) => ((string, Choice)[])[.. before, (dimension.Name, value)]);
        }

        return [.. all.Select(Trial)];
    }

    /// <summary>Some combinations at random, each different from the others; fewer where there are not enough.</summary>
    /// <param name="count">How many; 1 to <see cref="MostTrials"/>.</param>
    /// <param name="seed">Decides which. Default 42.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is outside its range.</exception>
    public IReadOnlyList<SearchTrial> Draw(int count, long seed = 42)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostTrials);
        var trials = new List<SearchTrial>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int draw = 0; trials.Count < count && draw < 20 * count; draw++)
        {
            var random = new CounterRandom(seed, draw);
            var settings = new List<(string, Choice)>();
            foreach (Dimension dimension in _dimensions)
            {
                settings.Add((dimension.Name, dimension.At(random.NextDouble())));
            }

            SearchTrial trial = Trial(settings);
            if (seen.Add(trial.ToString()))
            {
                trials.Add(trial);
            }
        }

        return trials;
    }

    private static SearchTrial Trial(IReadOnlyList<(string Name, Choice Choice)> settings) =>
        new([.. settings.Select(s => (s.Name, s.Choice.Text))], options => settings.Aggregate(options, (changed, s) => s.Choice.Apply(changed)));

    private SearchSpace With(Dimension dimension)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(dimension.Name);
        return Names.Contains(dimension.Name, StringComparer.Ordinal)
            ? throw new ArgumentException($"{dimension.Name} is named twice.")
            : new SearchSpace([.. _dimensions, dimension]);
    }

    private readonly record struct Choice(string Text, Func<FineTuneOptions, FineTuneOptions> Apply);

    private sealed record Dimension(string Name, IReadOnlyList<Choice>? Values, Func<double, Choice> Range)
    {
        public Choice At(double place) => Values is null ? Range(place) : Values[(int)(place * Values.Count)];
    }
}
