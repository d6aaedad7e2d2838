using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Operators;

/// <summary>How the processor computes an operator: its values, its gradient, and what the memory plan must keep for them.</summary>
internal abstract class CpuOperator
{
    /// <summary>Whether the gradient reads the output's values.</summary>
    public virtual bool GradientNeedsOutput => false;

    /// <summary>Whether the output is the input under another shape: nothing is computed in either direction.</summary>
    public virtual bool IsView => false;

    /// <summary>Whether every input's gradient is the output's gradient itself.</summary>
    public virtual bool PassesGradient => false;

    /// <summary>How the processor computes an operator.</summary>
    /// <param name="operation">The operator.</param>
    /// <exception cref="NotSupportedException">The engine does not have it.</exception>
    public static CpuOperator For(Operator operation) => operation switch
    {
        ConvolutionOperator o => new CpuConvolution(o),
        BatchNormOperator o => new CpuBatchNorm(o),
        ReluOperator o => new CpuRelu(o),
        AddOperator => new CpuAdd(),
        ConcatOperator => new CpuConcat(),
        MaxPoolOperator o => new CpuMaxPool(o),
        AveragePoolOperator o => new CpuAveragePool(o),
        AdaptiveAveragePoolOperator => new CpuAdaptiveAveragePool(),
        LinearOperator o => new CpuLinear(o),
        FlattenOperator => new CpuFlatten(),
        DropoutOperator o => new CpuDropout(o),
        LocalResponseNormOperator o => new CpuLocalResponseNorm(o),
        PadChannelsOperator o => new CpuPadChannels(o),
        ScaleOperator => new CpuScale(),
        SigmoidOperator => new CpuSigmoid(),
        InputOperator => new CpuInput(),
        _ => throw new NotSupportedException($"The CPU engine does not compute {operation.Name}."),
    };

    /// <summary>Whether the gradient reads the given input's values.</summary>
    /// <param name="input">The input's number.</param>
    public virtual bool GradientNeedsInput(int input) => false;

    /// <summary>Whether the output may overwrite the given input, value by value.</summary>
    /// <param name="input">The input's number.</param>
    public virtual bool CanOverwriteInput(int input) => false;

    /// <summary>Whether the given input's gradient may overwrite the output's gradient.</summary>
    /// <param name="input">The input's number.</param>
    public virtual bool GradientCanOverwrite(int input) => false;

    /// <summary>Values that the forward pass leaves for the gradient, for a batch, in units of float32.</summary>
    /// <param name="inputs">One sample's input shapes.</param>
    /// <param name="output">One sample's output shape.</param>
    /// <param name="batch">Samples.</param>
    public virtual long AuxiliaryLength(IReadOnlyList<Shape> inputs, Shape output, int batch) => 0;

    /// <summary>Values that <see cref="Prepare"/> makes of a fixed first parameter, in units of float32.</summary>
    /// <param name="context">Inputs, outputs, parameters and workspace of the node.</param>
    public virtual long PreparedLength(OperatorContext context) => 0;

    /// <summary>
    /// Computes once what every forward pass would otherwise compute from the first parameter alone, which is not read after that.
    /// </summary>
    /// <param name="context">Inputs, outputs, parameters and workspace of the node, the place for the result included.</param>
    public virtual void Prepare(OperatorContext context)
    {
    }

    /// <summary>Computes the output.</summary>
    /// <param name="context">Inputs, outputs, parameters and workspace of the node.</param>
    public abstract void Forward(OperatorContext context);

    /// <summary>Computes the wanted gradients of the inputs and parameters from the output's.</summary>
    /// <param name="context">Inputs, outputs, parameters and workspace of the node.</param>
    public abstract void Backward(OperatorContext context);
}

/// <summary>What the CPU engine asks of a graph's nodes.</summary>
internal static class NodeExtensions
{
    extension(Node node)
    {
        /// <summary>How the processor computes the node's operator.</summary>
        public CpuOperator Computation => CpuOperator.For(node.Operator);
    }
}
