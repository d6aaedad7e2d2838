using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace MLClassify.Benchmarks.Short;

/// <summary>How BenchmarkDotNet runs here: in this process, with the settings that the tool runs with, a few seconds a benchmark.</summary>
internal static class ShortConfig
{
    private const int IterationMilliseconds = 250;

    /// <summary>Every benchmark class whose data is here.</summary>
    public static IReadOnlyList<Type> Benchmarks => RepositoryPlaces.Flowers() is null ? Everywhere : [.. Everywhere, typeof(FlowerBenchmarks)];

    private static Type[] Everywhere => [typeof(ImageBenchmarks), typeof(ElementwiseBenchmarks), typeof(ThreadTeamBenchmarks)];

    /// <summary>Makes the configuration.</summary>
    /// <param name="filter">Part of a benchmark's name; empty for all.</param>
    public static IConfig Create(string filter)
    {
        Job job = Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(3)
            .WithIterationCount(10)
            .WithIterationTime(TimeInterval.FromMilliseconds(IterationMilliseconds));
        return ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddLogger(ConsoleLogger.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddColumn(StatisticColumn.Median, new RateColumn())
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddExporter(MarkdownExporter.GitHub)
            .AddFilter(new GlobFilter([$"*{filter}*"]))
            .WithOption(ConfigOptions.JoinSummary, true)
            .WithArtifactsPath(RepositoryPlaces.Artifacts);
    }
}
