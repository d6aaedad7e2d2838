using System.CommandLine;

namespace MLClassify.Cli.Options;

/// <summary>Ways to a figure that nothing was chosen by: a test part, cross-validation.</summary>
internal sealed class EstimateOptions
{
    private readonly Option<double?> _test = OptionFactory.Number(
        "--test", "Set this share of each class aside, at random by --seed: nothing is trained on it or chosen by it, and the model is measured on it once, at the end.");

    private readonly Option<int?> _folds;

    /// <summary>The options with the use that a command makes of the folds.</summary>
    /// <param name="folds">What <c>--folds</c> does there.</param>
    public EstimateOptions(string folds) => _folds = OptionFactory.Integer("--folds", folds);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_test);
        command.Add(_folds);
    }

    /// <summary>The selection with what the command line says.</summary>
    /// <exception cref="UsageException">A value is out of range.</exception>
    public DataSelection Bind(ParseResult parsed, DataSelection selection)
    {
        double? test = parsed.GetValue(_test);
        if (test is { } share && !(share is > 0 and < 1))
        {
            throw new UsageException(FormattableString.Invariant($"--test is {share}; it must be above 0 and below 1"));
        }

        int? folds = parsed.GetValue(_folds);
        return folds is null or >= 2
            ? selection with { Test = test, Folds = folds }
            : throw new UsageException(FormattableString.Invariant($"--folds is {folds}; it must be at least 2"));
    }
}
