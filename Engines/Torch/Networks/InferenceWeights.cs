using MLClassify.Engines.Torch.Parameters;
using MLClassify.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace MLClassify.Engines.Torch.Networks;

/// <summary>The values that inference reads: the store's own, or copies in the shorter type, made once.</summary>
internal sealed class InferenceWeights : IDisposable
{
    private readonly Dictionary<string, Tensor> _values = new(StringComparer.Ordinal);

    /// <summary>Prepares the values of a graph.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="parameters">Its values.</param>
    /// <param name="low">The shorter type; null for none.</param>
    public InferenceWeights(Graph graph, TorchParameterStore parameters, ScalarType? low)
    {
        Graph = graph;
        using IDisposable gradients = no_grad();
        foreach (Parameter parameter in graph.Parameters)
        {
            _ = parameters[parameter.Name];
            Tensor value = parameters.Value(parameter.Name);
            bool isProduct = parameter.Role is ParameterRole.ConvolutionWeight or ParameterRole.LinearWeight or ParameterRole.Bias;
            _values[parameter.Name] = (low is { } type && isProduct ? value.to(type) : value.alias()).DetachFromDisposeScope();
        }
    }

    /// <summary>The network to run.</summary>
    public Graph Graph { get; }

    /// <summary>A parameter's values.</summary>
    public Tensor Value(string name) => _values[name];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor value in _values.Values)
        {
            value.Dispose();
        }
    }
}
