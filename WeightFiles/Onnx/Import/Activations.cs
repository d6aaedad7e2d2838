using MLClassify.Common;
using MLClassify.Graphs.Operators;

namespace MLClassify.WeightFiles.Onnx.Import;

/// <summary>Element-wise operators of one input: ReLUs, the logistic function, and those that inference leaves out.</summary>
internal static class Activations
{
    // Exporters write the largest float where there is no bound.
    private const float Unbounded = 3e38f;

    public static ImportValue Relu(NodeReader node) => Rectify(node, float.PositiveInfinity);

    /// <summary>With 0 as the lower bound it is ReLU with a ceiling (ReLU6).</summary>
    public static ImportValue Clip(NodeReader node)
    {
        float low = node.Single(1) ?? node.Float("min", float.NegativeInfinity);
        float high = node.Single(2) ?? node.Float("max", float.PositiveInfinity);
        if (low <= -Unbounded && high >= Unbounded)
        {
            return node.Activation(0);
        }

        return low == 0 && high > 0
            ? Rectify(node, high >= Unbounded ? float.PositiveInfinity : high)
            : throw new UnsupportedNodeException(FormattableString.Invariant($"to {low} ... {high}, expected from 0"));
    }

    public static ImportValue Sigmoid(NodeReader node)
    {
        ActivationValue x = node.Settled(0);
        return x.With(node.State.Append(node.State.Names.Layer(node.Proto), new SigmoidOperator(), [x.Node]));
    }

    /// <summary>Kept as a layer, so that the network can be trained on; in inference it does nothing.</summary>
    public static ImportValue Dropout(NodeReader node)
    {
        float probability = node.Single(1) ?? node.Float("ratio", 0.5f);
        if (node.Proto.Output.Count > 1 && node.Proto.Output[1].Length > 0)
        {
            throw new UnsupportedNodeException("whose mask is used");
        }

        ActivationValue x = node.Settled(0);
        return probability is > 0 and < 1
            ? x.With(node.State.Append(node.State.Names.Layer(node.Proto), new DropoutOperator(probability), [x.Node]))
            : probability == 0 ? x : throw node.Invalid(FormattableString.Invariant($"the ratio is {probability}, expected at least 0 and below 1"));
    }

    public static ImportValue Identity(NodeReader node) => node.Value(0) ?? throw node.Invalid("input 0 is missing");

    /// <summary>Left out at the end of a network, which returns logits; anywhere else unsupported.</summary>
    public static ImportValue Softmax(NodeReader node)
    {
        ActivationValue x = node.Settled(0);
        long axis = node.Int("axis", node.State.Opset >= 13 ? -1 : 1);
        long features = axis < 0 ? axis + x.Rank : axis;
        return x.Node.Shape.IsVector && features is >= 1 && features < x.Rank && x.Dimensions[(int)features - 1] == x.Node.Shape.Channels
            ? x with { IsProbability = true }
            : throw new UnsupportedNodeException(FormattableString.Invariant($"over axis {axis} of [N, {string.Join(", ", x.Dimensions)}]"));
    }

    private static ActivationValue Rectify(NodeReader node, float ceiling)
    {
        ActivationValue x = node.Settled(0);
        return x.With(node.State.Append(node.State.Names.Layer(node.Proto), new ReluOperator(ceiling), [x.Node]));
    }
}
