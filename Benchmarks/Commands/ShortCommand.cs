using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using MLClassify.Benchmarks.Short;

namespace MLClassify.Benchmarks.Commands;

/// <summary><c>short [FILTER]</c>: what takes micro- or milliseconds, by BenchmarkDotNet.</summary>
internal static class ShortCommand
{
    private const int Failure = 1;

    /// <summary>Makes the command.</summary>
    /// <param name="output">Where notes go; BenchmarkDotNet writes to the console.</param>
    public static Command Create(TextWriter output)
    {
        var filter = new Argument<string?>("FILTER") { Description = "Only benchmarks whose name contains this.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("short", "Measures decoding, resizing, element-wise passes and the thread team by BenchmarkDotNet.");
        command.Add(filter);
        command.SetAction(parsed =>
        {
            string text = parsed.GetValue(filter) ?? "";
            IConfig config = ShortConfig.Create(text);
            BenchmarkRunInfo[] runs = [.. ShortConfig.Benchmarks.Select(type => BenchmarkConverter.TypeToBenchmarks(type, config)).Where(run => run.BenchmarksCases.Length > 0)];
            if (runs.Length == 0)
            {
                throw new UsageException($"no benchmark's name contains '{text}'");
            }

            if (RepositoryPlaces.Flowers() is null)
            {
                output.WriteLine("absent: the flowers; set MLCLASSIFY_DATA to the folder of flower_photos.tar");
            }

            Summary[] summaries = BenchmarkRunner.Run(runs);
            return summaries.Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? Failure : 0;
        });
        return command;
    }
}
