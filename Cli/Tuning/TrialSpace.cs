using System.Globalization;
using MLClassify.Trainers;

namespace MLClassify.Cli.Tuning;

/// <summary>The settings that <c>tune</c> goes through, as the command line names them.</summary>
internal sealed class TrialSpace
{
    private readonly SearchSpace _space;

    /// <summary>An option with a range; null where all have values.</summary>
    private readonly string? _range;

    private TrialSpace(SearchSpace space, string? range) => (_space, _range) = (space, range);

    /// <summary>Reads <c>lr=0.01,0.003</c> and <c>lr=0.0001..0.1</c>.</summary>
    /// <exception cref="UsageException">A text is neither, or an option is named twice.</exception>
    public static TrialSpace Parse(IReadOnlyList<string> texts)
    {
        var space = new SearchSpace();
        string? range = null;
        foreach (string text in texts)
        {
            int sign = text.IndexOf('=', StringComparison.Ordinal);
            string option = sign < 1 ? "" : text[..sign].TrimStart('-');
            string values = sign < 1 ? "" : text[(sign + 1)..];
            if (option.Length == 0 || values.Length == 0 || values.Split(',').Any(v => v.Length == 0))
            {
                throw new UsageException($"--vary: expected OPTION=VALUE,VALUE,... or OPTION=FROM..TO, got '{text}'");
            }

            if (space.Names.Contains(option, StringComparer.Ordinal))
            {
                throw new UsageException($"--vary: {option} is named twice");
            }

            bool isRange = values.Split("..") is [_, _];
            range ??= isRange ? option : null;

            // A value is an option of the command line, which reads it itself: nothing is put into options here.
            space = isRange ? AddRange(space, option, values) : space.Vary(option, values.Split(','), (options, _) => options);
        }

        return new TrialSpace(space, range);
    }

    /// <summary>Every combination; the last option changes fastest.</summary>
    /// <exception cref="UsageException">An option has a range, or there are too many combinations.</exception>
    public IReadOnlyList<SearchTrial> Grid()
    {
        if (_range is not null)
        {
            throw new UsageException($"--vary: {_range} has a range, from which only --random can draw");
        }

        return _space.Combinations <= SearchSpace.MostTrials
            ? _space.Grid()
            : throw new UsageException(
                FormattableString.Invariant($"--vary: there are {_space.Combinations} combinations, more than {SearchSpace.MostTrials}; --random draws some of them"));
    }

    /// <summary>Some combinations, each different from the others where there are enough.</summary>
    /// <param name="count">How many; at least 1.</param>
    /// <param name="seed">Decides.</param>
    public IReadOnlyList<SearchTrial> Draw(int count, long seed) => count is >= 1 and <= SearchSpace.MostTrials
        ? _space.Draw(count, seed)
        : throw new UsageException($"--random: expected 1 to {SearchSpace.MostTrials}, got {count}");

    private static SearchSpace AddRange(SearchSpace space, string option, string values)
    {
        string[] ends = values.Split("..");
        bool isNumber = double.TryParse(ends[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double from)
            & double.TryParse(ends[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double to);
        bool isWhole = ends.All(end => long.TryParse(end, CultureInfo.InvariantCulture, out _));
        return isNumber && from < to && double.IsFinite(to - from)
            ? space.VaryBetween(option, from, to, (options, _) => options, isWhole)
            : throw new UsageException($"--vary: '{values}' is no range of numbers from a smaller one to a larger one");
    }
}
