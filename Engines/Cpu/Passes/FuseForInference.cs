using MLClassify.Engines.Cpu.Devices;
using MLClassify.Engines.Cpu.Memory;
using MLClassify.Engines.Cpu.Parameters;
using MLClassify.Graphs;
using MLClassify.Graphs.Rewriting;

namespace MLClassify.Engines.Cpu.Passes;

/// <summary>A network rewritten for inference, with the parameters that the rewriting made.</summary>
internal sealed class FusedNetwork(Graph graph, CpuParameterStore parameters, Dictionary<string, Tensor> owned) : IDisposable
{
    public Graph Graph { get; } = graph;

    public CpuParameterStore Parameters { get; } = parameters;

    /// <summary>Frees the values of a parameter that nobody reads any more, if the rewriting made them.</summary>
    public void Release(Parameter parameter)
    {
        if (owned.Remove(parameter.Name, out Tensor? tensor))
        {
            tensor.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (Tensor tensor in owned.Values)
        {
            tensor.Dispose();
        }
    }
}

/// <summary>
/// A graph rewritten for inference with its values: filters are scaled where they lie, in the device's order; vectors have the same order
/// everywhere. Normalizations that no convolution precedes take what follows them as they do in training.
/// </summary>
internal static class FuseForInference
{
    /// <summary>Rewrites a graph.</summary>
    public static FusedNetwork Run(Graph graph, CpuParameterStore parameters)
    {
        var rewriting = InferenceRewriting.Of(graph);
        CpuDevice device = parameters.Device;
        var owned = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        ReadOnlySpan<float> Packed(Parameter parameter) => parameters.Value(parameter.Name).Tensor.Span;
        Span<float> Allocate(Parameter parameter)
        {
            var tensor = new Tensor(device.PackedLength(parameter));
            owned.Add(parameter.Name, tensor);
            return tensor.Span;
        }

        foreach (FoldedConvolution fold in rewriting.Folds)
        {
            double[] factors = fold.Fold(Packed, Allocate(fold.Bias));
            device.ScaleFilters(fold.Weight, Packed(fold.Weight), factors, Allocate(fold.Weight));
        }

        ParameterValue[] values = [.. rewriting.Graph.Parameters.Select(p => owned.TryGetValue(p.Name, out Tensor? made) ? new ParameterValue(p, made) : parameters.Value(p.Name))];
        return new FusedNetwork(FuseNormalization.Run(rewriting.Graph), new CpuParameterStore(values, device), owned);
    }
}
