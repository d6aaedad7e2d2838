namespace MLClassify.Graphs.Operators;

/// <summary>
/// Dropout (Srivastava et al. 2014), <c>[N, H, W, C]</c> to the same: in training a value is dropped with the given probability and the
/// rest is scaled up. Whether a value is dropped follows from seed, step and place, so nothing is stored for the gradient.
/// </summary>
/// <param name="Probability">The share that is dropped, in [0, 1).</param>
internal sealed record DropoutOperator(float Probability) : Operator
{
    internal const string KindName = "dropout";

    /// <inheritdoc/>
    public override string Name => "Dropout";

    /// <inheritdoc/>
    public override string OnnxName => "Dropout";

    internal override string Kind => KindName;

    /// <inheritdoc/>
    public override Shape InferShape(string node, IReadOnlyList<Shape> inputs)
    {
        Shape x = Only(node, inputs);
        return Probability is >= 0 and < 1 ? x : throw new ShapeException(Name, node, "a probability in [0, 1)", $"{Probability}");
    }

    internal static DropoutOperator Read(OperatorAttributes attributes) => new(attributes.Number("probability", 0, 1));

    internal override void Write(OperatorAttributes attributes) => attributes.Write("probability", Probability);

    /// <inheritdoc/>
    public override void Export(OnnxEmitter emitter)
    {
        ArgumentNullException.ThrowIfNull(emitter);
        // Outside training it is the identity.
        emitter.Result(emitter.Input(0));
    }
}
