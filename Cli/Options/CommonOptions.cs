using System.CommandLine;

namespace MLClassify.Cli.Options;

/// <summary>Options that mean the same to every command.</summary>
internal static class CommonOptions
{
    private const int MostThreads = 1_024;

    public static Option<bool> Verbose { get; } = new("--verbose") { Description = "Show where an error happened.", Recursive = true };

    public static Option<bool> Json { get; } = new("--json") { Description = "Write results as JSON lines; progress goes to the error stream." };

    public static Option<bool> Offline { get; } = new("--offline") { Description = "Fetch nothing: weights must be on this machine." };

    public static Option<int?> Threads { get; } = CreateThreads();

    public static Option<bool> TensorBoard { get; } = new("--tensorboard") { Description = "Write the epochs into the run's folder for TensorBoard, too." };

    // Checked here, as not every command has a library that says so before the work.
    private static Option<int?> CreateThreads()
    {
        Option<int?> threads = OptionFactory.Integer("--threads", "Threads that compute; all cores when 0. Results do not depend on it.");
        threads.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<int?>() is { } number and (< 0 or > MostThreads))
            {
                result.AddError(FormattableString.Invariant($"{threads.Name} is {number}; it must be at least 0 and at most {MostThreads}"));
            }
        });
        return threads;
    }
}
