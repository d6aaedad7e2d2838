namespace MLClassify.Graphs.Operators;

/// <summary>
/// Maps of one size side by side along the channels: <c>[N, H, W, C1]</c>, <c>[N, H, W, C2]</c>, ... to <c>[N, H, W, C1 + C2 + ...]</c>.
/// A map that already lies in its place, because whoever made it wrote it there, is not copied; neither is its gradient.
/// </summary>
internal sealed record ConcatOperator : Operator
{
    internal const string KindName = "concat";

    /// <inheritdoc/>
    public override string Name => "Concat";

    /// <inheritdoc/>
    public override string OnnxName => "Concat";

    internal override string Kind => KindName;

    /// <inheritdoc/>
    public override Shape InferShape(string node, IReadOnlyList<Shape> inputs)
    {
        if (inputs.Count < 2)
        {
            throw new ShapeException(Name, node, "at least 2 inputs", $"{inputs.Count}");
        }

        Shape first = inputs[0];
        foreach (Shape other in inputs)
        {
            if (other.Height != first.Height || other.Width != first.Width)
            {
                throw new ShapeException(Name, node, $"maps of {first.Height} x {first.Width}", other.ToString());
            }
        }

        return first with { Channels = inputs.Sum(s => s.Channels) };
    }

    /// <inheritdoc/>
    public override void Export(OnnxEmitter emitter)
    {
        ArgumentNullException.ThrowIfNull(emitter);
        // Vectors keep their places in a longer one only in our own order, which maps of one pixel have.
        emitter.MapResult(emitter.Emit(OnnxName, [.. emitter.InputShapes.Select((_, i) => emitter.Map(i))], new OnnxAttribute("axis", 1)));
    }
}
