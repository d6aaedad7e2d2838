using MLClassify.Datasets;
using MLClassify.WeightFiles.Pretrained;
using Spectre.Console;

namespace MLClassify.Cli;

/// <summary>Where a command writes.</summary>
internal sealed class CliContext
{
    public CliContext(TextWriter output, TextWriter error)
    {
        Output = output;
        Error = error;
    }

    /// <summary>Results.</summary>
    public TextWriter Output { get; }

    /// <summary>Errors, warnings, and progress where the results are for machines.</summary>
    public TextWriter Error { get; }

    /// <summary>Where pretrained weights are kept and come from: what the environment says, unless a test says otherwise.</summary>
    public Func<WeightsCacheOptions> Weights { get; init; } = () => WeightsCacheOptions.FromEnvironment();

    /// <summary>Where datasets are kept and come from: what the environment says, unless a test says otherwise.</summary>
    public Func<DatasetDownloaderOptions> Datasets { get; init; } = () => DatasetDownloaderOptions.FromEnvironment();

    /// <summary>The datasets that can be fetched.</summary>
    public IReadOnlyList<DatasetDefinition> Catalog { get; init; } = DatasetCatalog.All;

    /// <summary>The devices: this machine's, unless a test says otherwise.</summary>
    public Func<IReadOnlyList<ComputeDeviceStatus>> Devices { get; init; } = ComputeDevices.List;

    /// <summary>Installs libtorch: by the .NET SDK, unless a test says otherwise.</summary>
    public Func<string, CancellationToken, Task<string>> InstallLibrary { get; init; } = ComputeDevices.InstallAsync;

    /// <summary>The clock: the system's, unless a test says otherwise.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Opens the cache of pretrained weights; the caller disposes it.</summary>
    /// <param name="isOffline">Whether the user forbids the network.</param>
    public WeightsCache OpenWeights(bool isOffline = false)
    {
        WeightsCacheOptions options = Weights();
        return new WeightsCache(isOffline ? options with { IsOffline = true } : options);
    }

    /// <summary>What the tool was called with, for the records of what it did. Default none.</summary>
    public IReadOnlyList<string> Arguments { get; set; } = [];

    /// <summary>A warning, in one line.</summary>
    public void Warn(string message) => Error.WriteLine($"warning: {DisplayLine.Clean(message)}");

    /// <summary>Where progress goes: away from results that are for machines.</summary>
    /// <param name="isJson">Whether results are written as JSON.</param>
    public TextWriter ProgressWriter(bool isJson) => isJson ? Error : Output;

    /// <summary>A console for moving progress, or null where the writer is not a terminal.</summary>
    /// <param name="isJson">Whether results are written as JSON.</param>
    public IAnsiConsole? ProgressTerminal(bool isJson)
    {
        TextWriter writer = ProgressWriter(isJson);
        bool isTerminal = (ReferenceEquals(writer, Console.Out) && !Console.IsOutputRedirected)
            || (ReferenceEquals(writer, Console.Error) && !Console.IsErrorRedirected);
        if (!isTerminal)
        {
            return null;
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        return console.Profile.Capabilities.Ansi ? console : null;
    }
}
