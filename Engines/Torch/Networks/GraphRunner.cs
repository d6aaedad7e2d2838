using MLClassify.Engines.Torch.Parameters;
using MLClassify.Graphs;
using MLClassify.Graphs.Operators;
using TorchSharp;
using static TorchSharp.torch;

namespace MLClassify.Engines.Torch.Networks;

/// <summary>
/// Walks a graph and has libtorch compute each node. Maps are <c>[N, C, H, W]</c> to libtorch and lie as <c>[N, H, W, C]</c> in memory
/// (channels-last); a vector is a map of one pixel. A map is let go when its last user has run; what the backward pass needs, autograd keeps.
/// </summary>
internal sealed class GraphRunner
{
    private readonly Graph _graph;
    private readonly LayerFunctions _layers;
    private readonly Func<string, Tensor> _value;
    private readonly int[] _uses;
    private readonly bool[] _mayOverwriteInput;

    /// <summary>Prepares for a graph.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="layers">How operators are computed.</param>
    /// <param name="value">Gives a parameter's tensor.</param>
    /// <param name="kept">A node whose values are wanted after the run; null for none.</param>
    public GraphRunner(Graph graph, LayerFunctions layers, Func<string, Tensor> value, Node? kept = null)
    {
        (_graph, _layers, _value) = (graph, layers, value);
        _uses = new int[graph.Nodes.Count];
        foreach (Node input in graph.Nodes.SelectMany(n => n.Inputs))
        {
            _uses[input.Index]++;
        }

        _uses[graph.Output.Index]++;
        if (kept is not null)
        {
            _uses[kept.Index]++;
        }

        // These do not need their output for their own gradient.
        _mayOverwriteInput = [.. graph.Nodes.Select(n => n.Operator is ReluOperator && _uses[n.Inputs[0].Index] == 1
            && n.Inputs[0].Operator is ConvolutionOperator { ReluMax: null } or BatchNormOperator { ReluMax: null } or LinearOperator { ReluMax: null } or AddOperator)];
    }

    /// <summary>Called with each node's values when they are computed; a result of false ends the run.</summary>
    public Func<Node, Tensor, bool>? Computed { get; init; }

    /// <summary>Computes the outputs.</summary>
    /// <param name="input">The samples, <c>[N, C, H, W]</c>; not disposed.</param>
    /// <param name="mode">Training or not.</param>
    /// <returns>The outputs in float32, <c>[N, C, H, W]</c>; the caller's. Null where <see cref="Computed"/> ended the run.</returns>
    public Tensor? Forward(Tensor input, RunMode mode)
    {
        var values = new Tensor?[_graph.Nodes.Count];
        int[] left = [.. _uses];
        values[0] = input.alias();
        foreach (Node node in _graph.Nodes)
        {
            if (node.Index > 0 && _uses[node.Index] > 0)
            {
                values[node.Index] = Compute(node, values, mode);
                foreach (Node source in node.Inputs)
                {
                    if (--left[source.Index] == 0)
                    {
                        values[source.Index]!.Dispose();
                        values[source.Index] = null;
                    }
                }
            }

            if (values[node.Index] is { } value && Computed?.Invoke(node, value) == false)
            {
                return null;
            }
        }

        return values[_graph.Output.Index]!.to(ScalarType.Float32);
    }

    private Tensor Compute(Node node, Tensor?[] values, RunMode mode)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] inputs = [.. node.Inputs.Select(i => values[i.Index]!)];
        Tensor[] parameters = [.. node.Parameters.Select(p => _value(p.Name))];
        return _layers.Compute(node, inputs, parameters, mode, _mayOverwriteInput[node.Index]).MoveToOuterDisposeScope();
    }

    /// <summary>Host samples as libtorch sees them: the same memory, another order of dimensions.</summary>
    /// <param name="samples"><c>[N, H, W, C]</c>.</param>
    public static Tensor AsMaps(Tensor samples) => samples.permute(0, 3, 1, 2);

    /// <summary>Copies maps into host memory as <c>[N, H, W, C]</c>.</summary>
    /// <param name="maps"><c>[N, C, H, W]</c>.</param>
    /// <param name="values">Receives them.</param>
    public static void Read(Tensor maps, Span<float> values)
    {
        using Tensor samples = maps.permute(0, 2, 3, 1);
        HostTensors.Read(samples, values);
    }
}

/// <summary>How a graph is run.</summary>
/// <param name="IsTraining">Whether dropout drops.</param>
/// <param name="UsesBatchStatistics">Whether batch normalization takes the batch's statistics and moves its running ones.</param>
/// <param name="Generator">What dropout draws from; null outside training.</param>
internal readonly record struct RunMode(bool IsTraining, bool UsesBatchStatistics, Generator? Generator);
