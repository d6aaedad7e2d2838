using System.Globalization;
using MLClassify.Datasets;

namespace MLClassify.Cli.Tuning;

/// <summary>The settings that a search goes through.</summary>
internal sealed class TrialSpace
{
    private const int MostTrials = 10_000;

    private readonly IReadOnlyList<Dimension> _dimensions;

    private TrialSpace(IReadOnlyList<Dimension> dimensions) => _dimensions = dimensions;

    /// <summary>Reads <c>lr=0.01,0.003</c> and <c>lr=0.0001..0.1</c>.</summary>
    /// <exception cref="UsageException">A text is neither, or an option is named twice.</exception>
    public static TrialSpace Parse(IReadOnlyList<string> texts)
    {
        Dimension[] dimensions = [.. texts.Select(Dimension.Parse)];
        string? twice = dimensions.GroupBy(d => d.Option, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1)?.Key;
        return twice is null ? new TrialSpace(dimensions) : throw new UsageException($"--vary: {twice} is named twice");
    }

    /// <summary>Every combination; the last option changes fastest.</summary>
    /// <exception cref="UsageException">An option has a range, or there are too many combinations.</exception>
    public IReadOnlyList<Trial> Grid()
    {
        if (_dimensions.FirstOrDefault(d => d.Values is null) is { } range)
        {
            throw new UsageException($"--vary: {range.Option} has a range, from which only --random can draw");
        }

        double count = _dimensions.Aggregate(1.0, (product, d) => product * d.Values!.Count);
        if (count > MostTrials)
        {
            throw new UsageException(FormattableString.Invariant($"--vary: there are {count} combinations, more than {MostTrials}; --random draws some of them"));
        }

        IEnumerable<(string Option, string Value)[]> all = [[]];
        foreach (Dimension dimension in _dimensions)
        {
            all = all.SelectMany(_ => dimension.Values!, (before, value) => ((string, string)[])[.. before, (dimension.Option, value)]);
        }

        return [.. all.Select(settings => new Trial(settings))];
    }

    /// <summary>Some combinations, each different from the others where there are enough.</summary>
    /// <param name="count">How many; at least 1.</param>
    /// <param name="seed">Decides.</param>
    public IReadOnlyList<Trial> Draw(int count, long seed)
    {
        if (count is < 1 or > MostTrials)
        {
            throw new UsageException($"--random: expected 1 to {MostTrials}, got {count}");
        }

        var trials = new List<Trial>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int draw = 0; trials.Count < count && draw < 20 * count; draw++)
        {
            var random = new CounterRandom(seed, draw);
            var settings = new List<(string, string)>();
            foreach (Dimension dimension in _dimensions)
            {
                settings.Add((dimension.Option, dimension.Draw(ref random)));
            }

            var trial = new Trial(settings);
            if (seen.Add(trial.ToString()))
            {
                trials.Add(trial);
            }
        }

        return trials;
    }

    private sealed record Dimension(string Option, IReadOnlyList<string>? Values, double From = 0, double To = 0, bool IsWhole = false)
    {
        public static Dimension Parse(string text)
        {
            int sign = text.IndexOf('=', StringComparison.Ordinal);
            string option = sign < 1 ? "" : text[..sign].TrimStart('-');
            string values = sign < 1 ? "" : text[(sign + 1)..];
            if (option.Length == 0 || values.Length == 0 || values.Split(',').Any(v => v.Length == 0))
            {
                throw new UsageException($"--vary: expected OPTION=VALUE,VALUE,... or OPTION=FROM..TO, got '{text}'");
            }

            if (values.Split("..") is not [var from, var to])
            {
                return new Dimension(option, values.Split(','));
            }

            bool isNumber = double.TryParse(from, NumberStyles.Float, CultureInfo.InvariantCulture, out double low)
                & double.TryParse(to, NumberStyles.Float, CultureInfo.InvariantCulture, out double high);
            return isNumber && low < high && double.IsFinite(high - low)
                ? new Dimension(option, null, low, high, long.TryParse(from, CultureInfo.InvariantCulture, out _) && long.TryParse(to, CultureInfo.InvariantCulture, out _))
                : throw new UsageException($"--vary: '{values}' is no range of numbers from a smaller one to a larger one");
        }

        // Of numbers that span a factor of ten, every factor is as likely: that is how rates and decays are looked for.
        public string Draw(ref CounterRandom random)
        {
            double place = random.NextDouble();
            if (Values is not null)
            {
                return Values[(int)(place * Values.Count)];
            }

            double value = From > 0 && To >= 10 * From ? From * Math.Pow(To / From, place) : From + (place * (To - From));
            return IsWhole ? Math.Round(value).ToString(CultureInfo.InvariantCulture) : value.ToString("g3", CultureInfo.InvariantCulture);
        }
    }
}
