using System.CommandLine;
using MLClassify.Reports;

namespace MLClassify.Cli.Options;

/// <summary>Where a command writes its run: a folder that is named is taken or refused, the default one gets a number where it is taken.</summary>
/// <param name="description">What <c>--out</c> is, with its default.</param>
internal sealed class RunFolderOptions(string description)
{
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace the earlier run in --out. Default: a folder with one is refused." };

    /// <summary>The option for the folder.</summary>
    public Option<string?> Out { get; } = OptionFactory.Text("--out", "DIR", description);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(Out);
        command.Add(_overwrite);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_overwrite) is { Implicit: false } && result.GetResult(Out) is null)
            {
                result.AddError("--overwrite needs --out: without it a free folder is taken");
            }
        });
    }

    /// <summary>The folder, and what becomes of an earlier run in it.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="usual">The folder where none is named.</param>
    public (string Path, ExistingRun Existing) Bind(ParseResult parsed, string usual) => parsed.GetValue(Out) is { } path
        ? (path, parsed.GetValue(_overwrite) ? ExistingRun.Replace : ExistingRun.Refuse)
        : (usual, ExistingRun.Number);
}
