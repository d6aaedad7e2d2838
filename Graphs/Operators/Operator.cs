namespace MLClassify.Graphs.Operators;

/// <summary>
/// The operation of a node as data: constants, shape rule, parameters, and its names in descriptions and in ONNX. How it is computed is an
/// engine's business.
/// </summary>
internal abstract record Operator
{
    /// <summary>The name for people, such as <c>Convolution</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The ONNX operator that computes the same, such as <c>Conv</c>.</summary>
    public abstract string OnnxName { get; }

    /// <summary>The name by which a description tells the operator, such as <c>convolution</c>.</summary>
    internal abstract string Kind { get; }

    /// <summary>The output shape of one sample.</summary>
    /// <param name="node">The node's name, for messages.</param>
    /// <param name="inputs">One sample's input shapes.</param>
    /// <exception cref="ShapeException">The operator cannot take these shapes.</exception>
    public abstract Shape InferShape(string node, IReadOnlyList<Shape> inputs);

    /// <summary>Writes the operator, as it computes outside training, as ONNX nodes.</summary>
    /// <param name="emitter">The destination.</param>
    /// <exception cref="NotSupportedException">ONNX out does not have this operator.</exception>
    public virtual void Export(OnnxEmitter emitter)
    {
        ArgumentNullException.ThrowIfNull(emitter);
        throw new NotSupportedException($"The operator {Name} of '{emitter.NodeName}' cannot be written as ONNX.");
    }

    /// <summary>The parameters that the operator takes for given inputs, in its own order.</summary>
    /// <param name="inputs">One sample's input shapes, which <see cref="InferShape"/> has accepted.</param>
    internal virtual IReadOnlyList<ParameterSpec> ParametersFor(IReadOnlyList<Shape> inputs) => [];

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
