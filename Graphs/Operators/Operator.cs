using MLClassify.Graphs.Descriptions;

namespace MLClassify.Graphs.Operators;

/// <summary>
/// What a node computes: its shape rule, its values, its gradient, and what the memory plan must keep for them. It says what is
/// computed; where and how is the device's affair.
/// </summary>
public abstract record Operator
{
    /// <summary>The name for people, such as <c>Convolution</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The ONNX operator that computes the same, such as <c>Conv</c>.</summary>
    public abstract string OnnxName { get; }

    /// <summary>Whether the gradient reads the given input's values.</summary>
    /// <param name="input">The input's number.</param>
    public virtual bool GradientNeedsInput(int input) => false;

    /// <summary>Whether the gradient reads the output's values.</summary>
    public virtual bool GradientNeedsOutput => false;

    /// <summary>Whether the output may overwrite the given input, value by value.</summary>
    /// <param name="input">The input's number.</param>
    public virtual bool CanOverwriteInput(int input) => false;

    /// <summary>Whether the given input's gradient may overwrite the output's gradient.</summary>
    /// <param name="input">The input's number.</param>
    public virtual bool GradientCanOverwrite(int input) => false;

    /// <summary>Whether the output is the input under another shape: nothing is computed in either direction.</summary>
    public virtual bool IsView => false;

    /// <summary>Whether every input's gradient is the output's gradient itself.</summary>
    public virtual bool PassesGradient => false;

    /// <summary>The name by which a description tells the operator, such as <c>convolution</c>.</summary>
    internal abstract string Kind { get; }

    /// <summary>The output shape of one sample.</summary>
    /// <param name="node">The node's name, for messages.</param>
    /// <param name="inputs">One sample's input shapes.</param>
    /// <exception cref="ShapeException">The operator cannot take these shapes.</exception>
    public abstract Shape InferShape(string node, IReadOnlyList<Shape> inputs);

    /// <summary>Values that the forward pass leaves for the gradient, for a batch, in units of float32.</summary>
    /// <param name="inputs">One sample's input shapes.</param>
    /// <param name="output">One sample's output shape.</param>
    /// <param name="batch">Samples.</param>
    public virtual long AuxiliaryLength(IReadOnlyList<Shape> inputs, Shape output, int batch) => 0;

    /// <summary>Values that <see cref="Prepare"/> makes of fixed parameters, in units of float32.</summary>
    /// <param name="context">Where everything lies, at the largest batch.</param>
    public virtual long PreparedLength(OperatorContext context) => 0;

    /// <summary>Computes once what every forward pass would otherwise compute from the parameters alone.</summary>
    /// <param name="context">Where everything lies, the place for the result included.</param>
    public virtual void Prepare(OperatorContext context)
    {
    }

    /// <summary>Computes the output.</summary>
    /// <param name="context">Where everything lies.</param>
    public abstract void Forward(OperatorContext context);

    /// <summary>Computes the gradients of the inputs and parameters that are wanted from the output's.</summary>
    /// <param name="context">Where everything lies.</param>
    public abstract void Backward(OperatorContext context);

    /// <summary>Writes the operator, as it computes outside training, as ONNX nodes.</summary>
    /// <param name="emitter">Where to.</param>
    /// <exception cref="NotSupportedException">ONNX out does not have this operator.</exception>
    public virtual void Export(OnnxEmitter emitter)
    {
        ArgumentNullException.ThrowIfNull(emitter);
        throw new NotSupportedException($"The operator {Name} of '{emitter.Node.Name}' cannot be written as ONNX.");
    }

    /// <summary>The parameters that the operator takes for given inputs, in its own order.</summary>
    /// <param name="inputs">One sample's input shapes, which <see cref="InferShape"/> has accepted.</param>
    internal virtual IReadOnlyList<ParameterNeed> ParametersFor(IReadOnlyList<Shape> inputs) => [];

    /// <summary>Writes the operator's constants into a description; each operator has a <c>Read</c> beside it.</summary>
    /// <param name="attributes">Where they go.</param>
    internal virtual void Write(OperatorAttributes attributes)
    {
    }

    private protected Shape Only(string node, IReadOnlyList<Shape> inputs)
    {
        Require(node, inputs, 1);
        return inputs[0];
    }

    private protected void Require(string node, IReadOnlyList<Shape> inputs, int count)
    {
        if (inputs.Count != count)
        {
            throw new ShapeException(Name, node, $"{count} input(s)", $"{inputs.Count}");
        }
    }
}
