namespace MLClassify.Graphs.Operators;

/// <summary>
/// Local response normalization across channels (Krizhevsky et al. 2012, section 3.3), <c>[N, H, W, C]</c> to the same:
/// <c>y_c = x_c (k + alpha sum x_j²)^-beta</c> over the <paramref name="Size"/> channels around c.
/// </summary>
/// <param name="Size">Neighboring channels, the paper's n.</param>
/// <param name="K">The paper's k.</param>
/// <param name="Alpha">The paper's alpha; PyTorch's is this times the size.</param>
/// <param name="Beta">The paper's beta.</param>
internal sealed record LocalResponseNormOperator(int Size, float K, float Alpha, float Beta) : Operator
{
    internal const string KindName = "local_response_norm";

    /// <inheritdoc/>
    public override string Name => "LocalResponseNorm";

    /// <inheritdoc/>
    public override string OnnxName => "LRN";

    internal override string Kind => KindName;

    /// <inheritdoc/>
    public override Shape InferShape(string node, IReadOnlyList<Shape> inputs)
    {
        Shape x = Only(node, inputs);
        return Size >= 1 && Size % 2 == 1 ? x : throw new ShapeException(Name, node, "an odd size of at least 1", $"{Size}");
    }

    internal static LocalResponseNormOperator Read(OperatorAttributes attributes) =>
        new(attributes.Integer("size", 1), attributes.Number("k"), attributes.Number("alpha"), attributes.Number("beta"));

    internal override void Write(OperatorAttributes attributes)
    {
        attributes.Write("size", Size);
        attributes.Write("k", K);
        attributes.Write("alpha", Alpha);
        attributes.Write("beta", Beta);
    }

    /// <inheritdoc/>
    public override void Export(OnnxEmitter emitter)
    {
        ArgumentNullException.ThrowIfNull(emitter);
        emitter.MapResult(emitter.Emit(
            OnnxName,
            [emitter.Map(0)],
            new OnnxAttribute("size", Size),
            new OnnxAttribute("alpha", Alpha * Size),
            new OnnxAttribute("beta", Beta),
            new OnnxAttribute("bias", K)));
    }
}
