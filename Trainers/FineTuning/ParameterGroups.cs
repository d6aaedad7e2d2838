using MLClassify.Engines;
using MLClassify.Graphs;

namespace MLClassify.Trainers;

/// <summary>Groups parameters by learning rate and weight decay.</summary>
internal static class ParameterGroups
{
    /// <summary>Head and backbone, the backbone block by block where their rates differ, each with and without weight decay; empty groups are left out.</summary>
    /// <param name="trained">The parameters, in the graph's order.</param>
    /// <param name="graph">The whole network, which says what its head is.</param>
    /// <param name="options">The rates, resolved.</param>
    public static IReadOnlyList<ParameterGroup> Create(IEnumerable<Parameter> trained, Graph graph, FineTuneOptions options)
    {
        HashSet<string> head = graph.HeadParameters.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        List<string> blocks = options.Optimizer.LayerDecay < 1 ? [.. graph.Parameters.Where(p => !head.Contains(p.Name)).Select(p => BlockOf(p.Name)).Distinct(StringComparer.Ordinal)] : [];
        int Below(Parameter parameter) => blocks.Count == 0 ? 0 : blocks.Count - 1 - blocks.IndexOf(BlockOf(parameter.Name));
        return
        [
            .. trained
                .GroupBy(p => (IsHead: head.Contains(p.Name), Below: head.Contains(p.Name) ? 0 : Below(p), Decays: Decays(p)))
                .OrderBy(g => (g.Key.IsHead, -g.Key.Below, g.Key.Decays))
                .Select(g => new ParameterGroup(
                    $"{(g.Key.IsHead ? "head" : blocks.Count == 0 ? "backbone" : BlockOf(g.First().Name))}{(g.Key.Decays ? "" : " without decay")}",
                    [.. g],
                    g.Key.IsHead ? options.LearningRate.GetValueOrDefault() : options.Optimizer.BackboneLearningRate.GetValueOrDefault() * Math.Pow(options.Optimizer.LayerDecay, g.Key.Below),
                    g.Key.Decays ? options.Optimizer.WeightDecay : 0)),
        ];
    }

    /// <summary>The block that a parameter is part of: the first two parts of its name, or one where there are no more before the last.</summary>
    /// <param name="name">The parameter's name, such as <c>layer1.0.conv1.weight</c>.</param>
    internal static string BlockOf(string name)
    {
        string[] parts = name.Split('.');
        return string.Join('.', parts.Take(Math.Clamp(parts.Length - 1, 1, 2)));
    }

    private static bool Decays(Parameter parameter) => parameter.Role is ParameterRole.ConvolutionWeight or ParameterRole.LinearWeight;
}
