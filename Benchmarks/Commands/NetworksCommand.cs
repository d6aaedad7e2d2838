using System.CommandLine;
using MLClassify.Benchmarks.WholeNetworks;
using MLClassify.Networks;
using MLClassify.Preprocessing.Loading;

namespace MLClassify.Benchmarks.Commands;

/// <summary><c>networks [NAME ...]</c>: images a second of whole networks, a JSON line each.</summary>
internal static class NetworksCommand
{
    private static readonly string[] DefaultNetworks = ["alexnet", "resnet18", "resnet50", "densenet121"];

    /// <summary>Makes the command.</summary>
    /// <param name="output">Where the lines go.</param>
    public static Command Create(TextWriter output)
    {
        var names = new Argument<string[]>("NAME") { Description = $"Networks. Default: {string.Join(' ', DefaultNetworks)}.", Arity = ArgumentArity.ZeroOrMore };
        string[] modeNames = [.. NetworkModes.Names];
        var mode = new Option<string[]>("--mode") { Description = "What to measure; may be given again. Default: train and infer.", HelpName = string.Join('|', modeNames) };
        mode.AcceptOnlyFromAmong(modeNames);
        Option<int> batch = Options.Batch();
        Option<int> size = Options.Integer("--size", "The input's side in pixels.", 224, 1, NetworkOptions.MaximumInputSize);
        Option<int> threads = Options.Threads();
        Option<int> steps = Options.Integer("--steps", "Steps to measure, of which the median counts.", 5, 1, 100_000);
        Option<int> classes = Options.Integer("--classes", "Classes.", 1000, 1, NetworkOptions.MaximumClasses);
        Option<int> warmUp = Options.Integer("--warm-up", "The shortest warm-up in milliseconds; two steps at least.", 1500, 0, 600_000);
        Option<string?> level = Options.Level();
        var command = new Command("networks", "Measures images a second of training, inference or frozen features.");
        command.Add(names);
        foreach (Option option in (Option[])[mode, batch, size, threads, steps, classes, warmUp, level])
        {
            command.Add(option);
        }

        command.SetAction(parsed =>
        {
            NetworkMode[] modes = [.. (parsed.GetValue(mode) ?? []).Select(NetworkModes.Parse)];
            var settings = new NetworkBenchOptions
            {
                Modes = modes.Length > 0 ? modes : [NetworkMode.Train, NetworkMode.Infer],
                Batch = parsed.GetValue(batch),
                Size = parsed.GetValue(size),
                Threads = parsed.GetValue(threads),
                Steps = parsed.GetValue(steps),
                Classes = parsed.GetValue(classes),
                WarmUpSeconds = parsed.GetValue(warmUp) / 1000.0,
                Level = Options.ResolveLevel(parsed.GetValue(level)),
            };
            NetworkDefinition[] networks = Find(parsed.GetValue(names) ?? []);
            foreach (NetworkDefinition network in networks)
            {
                output.WriteLine(NetworkBench.Run(network, settings).ToJson());
                output.Flush();
            }
        });
        return command;
    }

    private static NetworkDefinition[] Find(string[] names)
    {
        NetworkRegistry registry = NetworkRegistry.Default;
        return [.. (names.Length > 0 ? names : DefaultNetworks.Where(registry.Names.Contains)).Select(registry.Get)];
    }
}
