namespace MLClassify.Graphs.Operators;

/// <summary>Channels of zeros around a map's own, <c>[N, H, W, C]</c> to <c>[N, H, W, Before + C + After]</c>.</summary>
/// <param name="Before">Channels of zeros before the map's.</param>
/// <param name="After">Channels of zeros after the map's.</param>
internal sealed record PadChannelsOperator(int Before, int After) : Operator
{
    internal const string KindName = "pad_channels";

    /// <inheritdoc/>
    public override string Name => "PadChannels";

    /// <inheritdoc/>
    public override string OnnxName => "Pad";

    internal override string Kind => KindName;

    /// <inheritdoc/>
    public override Shape InferShape(string node, IReadOnlyList<Shape> inputs)
    {
        Shape x = Only(node, inputs);
        return Before >= 0 && After >= 0
            ? x with { Channels = checked(Before + x.Channels + After) }
            : throw new ShapeException(Name, node, "at least 0 channels on each side", $"{Before} and {After}");
    }

    internal static PadChannelsOperator Read(OperatorAttributes attributes) =>
        new(attributes.Integer("before", 0, 0), attributes.Integer("after", 0, 0));

    internal override void Write(OperatorAttributes attributes)
    {
        attributes.Write("before", Before, 0);
        attributes.Write("after", After, 0);
    }

    /// <inheritdoc/>
    public override void Export(OnnxEmitter emitter)
    {
        ArgumentNullException.ThrowIfNull(emitter);
        string pads = emitter.Integers("pads", 0, Before, 0, 0, 0, After, 0, 0);
        emitter.MapResult(emitter.Emit(OnnxName, [emitter.Map(0), pads]));
    }
}
