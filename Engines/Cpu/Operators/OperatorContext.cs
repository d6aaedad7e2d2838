using MLClassify.Engines.Cpu.Devices;
using MLClassify.Engines.Cpu.Memory;
using MLClassify.Graphs;

namespace MLClassify.Engines.Cpu.Operators;

/// <summary>Where an operator finds its tensors during a step. A session fills one for each node.</summary>
internal sealed unsafe class OperatorContext
{
    internal OperatorContext(CpuDevice device, Node node)
    {
        Device = device;
        Node = node;
        Computation = node.Computation;
        Inputs = new TensorView[node.Inputs.Count];
        InputGradients = new GradientTarget[node.Inputs.Count];
        Parameters = new TensorView[node.Parameters.Count];
        ParameterGradients = new TensorView[node.Parameters.Count];
    }

    /// <summary>The kernels.</summary>
    public CpuDevice Device { get; }

    /// <summary>The node being computed.</summary>
    public Node Node { get; }

    /// <summary>How its operator is computed.</summary>
    public CpuOperator Computation { get; }

    /// <summary>The batch by which algorithms are chosen; 0 for that of the values.</summary>
    public int PlannedBatch { get; internal set; }

    /// <summary>Whether dropout drops and batch normalization uses and tracks the batch's statistics.</summary>
    public bool Training { get; internal set; }

    /// <summary>Whether batch normalization uses the running statistics although this is training.</summary>
    public bool RunningStatistics { get; internal set; }

    /// <summary>Seed of this node's random operations in this step.</summary>
    public ulong Seed { get; internal set; }

    /// <summary>The inputs' values.</summary>
    public TensorView[] Inputs { get; }

    /// <summary>The output's values.</summary>
    public TensorView Output { get; internal set; }

    /// <summary>The output's gradient.</summary>
    public TensorView OutputGradient { get; internal set; }

    /// <summary>Where the inputs' gradients go.</summary>
    public GradientTarget[] InputGradients { get; }

    /// <summary>The parameters, packed as the device wants them.</summary>
    public TensorView[] Parameters { get; }

    /// <summary>The parameters' gradients, packed likewise; absent when not trained.</summary>
    public TensorView[] ParameterGradients { get; }

    /// <summary>What the forward pass leaves for the gradient; null when nothing.</summary>
    public float* Auxiliary { get; internal set; }

    /// <summary>What <see cref="CpuOperator.Prepare"/> made of the parameters; absent when nothing.</summary>
    public TensorView Prepared { get; internal set; }

    /// <summary>A parameter's values, or an absent view when the node has fewer.</summary>
    /// <param name="index">The parameter's number.</param>
    public TensorView ParameterOrAbsent(int index) => index < Parameters.Length ? Parameters[index] : default;

    /// <summary>A parameter's gradient, or an absent view.</summary>
    /// <param name="index">The parameter's number.</param>
    public TensorView ParameterGradientOrAbsent(int index) => index < ParameterGradients.Length ? ParameterGradients[index] : default;
}
