namespace MLClassify.Graphs.Operators;

/// <summary>Matrix product with a bias, <c>[N, 1, 1, in]</c> to <c>[N, 1, 1, out]</c>: <c>y = x W^T + b</c>. A 1x1 convolution on one position.</summary>
/// <param name="Outputs">Output features.</param>
internal sealed record LinearOperator(int Outputs) : Operator
{
    internal const string KindName = "linear";

    /// <inheritdoc/>
    public override string Name => "Linear";

    /// <inheritdoc/>
    public override string OnnxName => "Gemm";

    internal override string Kind => KindName;

    /// <summary>Fused: the upper bound of the ReLU that follows: infinity for a plain one, null without one.</summary>
    public float? ReluMax { get; init; }

    /// <inheritdoc/>
    public override Shape InferShape(string node, IReadOnlyList<Shape> inputs)
    {
        Shape x = Only(node, inputs);
        if (!x.IsVector)
        {
            throw new ShapeException(Name, node, "a feature vector [1, 1, F]", x.ToString());
        }

        return Outputs >= 1 ? Shape.Vector(Outputs) : throw new ShapeException(Name, node, "at least 1 output", $"{Outputs}");
    }

    internal static LinearOperator Read(OperatorAttributes attributes) => new(attributes.Integer("outputs", 1));

    internal override void Write(OperatorAttributes attributes) => attributes.Write("outputs", Outputs);

    internal override IReadOnlyList<ParameterSpec> ParametersFor(IReadOnlyList<Shape> inputs) =>
    [
        new(ParameterRole.LinearWeight, [Outputs, inputs[0].Channels]),
        new(ParameterRole.Bias, [Outputs]) { IsOptional = true },
    ];

    /// <inheritdoc/>
    public override void Export(OnnxEmitter emitter)
    {
        ArgumentNullException.ThrowIfNull(emitter);
        string x = emitter.Vector(0, emitter.NodeParameters[0].FlattenedFrom);
        string y = emitter.Emit(OnnxName, [x, .. emitter.Parameters()], new OnnxAttribute("transB", 1));
        emitter.Result(new OnnxValue(emitter.EmitRelu(y, ReluMax), IsMap: false));
    }
}
