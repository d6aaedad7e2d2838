using MLClassify.Graphs;
using MLClassify.Graphs.Sessions;

namespace MLClassify.Trainers;

/// <summary>Sorts parameters by what rates they have.</summary>
internal static class ParameterGroups
{
    /// <summary>Backbone and head, each with and without weight decay; empty groups are left out.</summary>
    /// <param name="trained">The parameters.</param>
    /// <param name="graph">The whole network, which says what its head is.</param>
    /// <param name="options">The rates, resolved.</param>
    public static IReadOnlyList<ParameterGroup> Create(IReadOnlyList<TrainedParameter> trained, Graph graph, FineTuneOptions options)
    {
        HashSet<string> head = graph.HeadParameters.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. trained
                .GroupBy(p => (IsHead: head.Contains(p.Parameter.Name), Decays: Decays(p.Parameter)))
                .OrderBy(g => g.Key)
                .Select(g => new ParameterGroup(
                    $"{(g.Key.IsHead ? "head" : "backbone")}{(g.Key.Decays ? "" : " without decay")}",
                    [.. g],
                    (g.Key.IsHead ? options.LearningRate : options.BackboneLearningRate).GetValueOrDefault(),
                    g.Key.Decays ? options.WeightDecay : 0)),
        ];
    }

    private static bool Decays(Parameter parameter) => parameter.Role is ParameterRole.ConvolutionWeight or ParameterRole.LinearWeight;
}
