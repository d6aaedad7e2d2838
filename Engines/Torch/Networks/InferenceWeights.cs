using MLClassify.Engines.Torch.Parameters;
using MLClassify.Graphs;
using MLClassify.Graphs.Rewriting;
using TorchSharp;
using static TorchSharp.torch;

namespace MLClassify.Engines.Torch.Networks;

/// <summary>A network and the values that inference reads: the store's own, or what was made of them once, in the shorter type or folded.</summary>
internal sealed class InferenceWeights : IDisposable
{
    private readonly Dictionary<string, Tensor> _values = new(StringComparer.Ordinal);

    /// <summary>Rewrites a network for inference, where normalizations are part of convolutions, and prepares its values.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="parameters">Its values.</param>
    /// <param name="low">The shorter type; null for none.</param>
    public InferenceWeights(Graph graph, TorchParameterStore parameters, ScalarType? low)
    {
        var rewriting = InferenceRewriting.Of(graph);
        Graph = rewriting.Graph;
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        var made = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (FoldedConvolution fold in rewriting.Folds)
        {
            float[] bias = new float[fold.Bias.Count];
            double[] factors = fold.Fold(p => parameters.Export(p.Name), bias);
            Tensor factor = HostTensors.From([.. factors.Select(f => (float)f)], factors.Length, 1, 1, 1).to(parameters.Device.Handle);
            made[fold.Weight.Name] = parameters.Value(fold.Weight.Name).mul(factor);
            made[fold.Bias.Name] = HostTensors.From(bias, bias.Length).to(parameters.Device.Handle);
        }

        foreach (Parameter parameter in Graph.Parameters)
        {
            Tensor value = made.GetValueOrDefault(parameter.Name) ?? parameters.Value(parameters[parameter.Name].Name);
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
