using System.CommandLine;

namespace MLClassify.Cli.Options;

/// <summary>Which images a split keeps on one side.</summary>
internal sealed class GroupOptions
{
    /// <summary>What <c>--near-duplicates</c> does without being given.</summary>
    public const string Together = "together";

    private const string Ignore = "ignore";

    private readonly Option<string?> _group = OptionFactory.Text(
        "--group",
        "RULE",
        "Keep images of one thing (a patient, a burst) on one side of every split: those whose file names have the same text in a regular expression's one group, such as 'patient(\\d+)_', or 'folder' for those in the same folder below the class.",
        ImageGroups.Check);

    private readonly Option<string?> _nearDuplicates = OptionFactory.Word(
        "--near-duplicates", [Together, Ignore], "Whether crops, copies and bursts of one photo stay on one side of a split. Default together.");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_group);
        command.Add(_nearDuplicates);
    }

    /// <summary>What the command line says.</summary>
    public DataSelection Bind(ParseResult parsed, DataSelection selection) => selection with
    {
        Group = parsed.GetValue(_group),
        NearDuplicates = parsed.GetValue(_nearDuplicates) is null or Together,
    };
}
