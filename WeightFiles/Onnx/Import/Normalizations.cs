using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.WeightFiles.Onnx.Import;

/// <summary>Batch normalization and local response normalization.</summary>
internal static class Normalizations
{
    // ONNX keeps the share of the old statistics, PyTorch and this library the new batch's.
    private const float UsualMomentum = 0.9f;

    private static readonly (ParameterRole Role, string Suffix)[] Roles =
    [
        (ParameterRole.NormScale, "weight"),
        (ParameterRole.NormShift, "bias"),
        (ParameterRole.RunningMean, "running_mean"),
        (ParameterRole.RunningVariance, "running_var"),
    ];

    public static ImportValue Batch(NodeReader node)
    {
        ConstantValue[] constants = [.. Enumerable.Range(1, Roles.Length).Select(node.Constant)];
        float epsilon = node.Float("epsilon", 1e-5f);
        float momentum = 1 - node.Float("momentum", UsualMomentum);
        if (!(epsilon >= 0 && float.IsFinite(epsilon) && momentum is >= 0 and <= 1))
        {
            throw node.Invalid(FormattableString.Invariant($"epsilon is {epsilon} and momentum {1 - momentum}"));
        }

        ActivationValue x = node.Settled(0);
        int channels = x.Node.Shape.Channels;
        if (x.FlattenedFrom is not null || (x.Dimensions[0] != channels && !x.Node.Shape.IsVector) || x.Rank is not (2 or 4))
        {
            throw new UnsupportedNodeException(FormattableString.Invariant($"of [N, {string.Join(", ", x.Dimensions)}]"));
        }

        foreach (ConstantValue constant in constants.Where(c => c.Dimensions is not [var count] || count != channels))
        {
            throw node.Invalid(FormattableString.Invariant($"'{constant.Name}' is [{string.Join(", ", constant.Dimensions)}], expected [{channels}]"));
        }

        string layer = node.State.Names.Layer(node.Proto, constants[0].Name);
        Parameter[] parameters = [.. Roles.Select((role, i) => node.State.Declare(
            node.State.Names.Parameter(constants[i].Name, layer, role.Suffix), role.Role, [channels], constants[i].Singles))];
        return x.With(node.State.Append(layer, new BatchNormOperator(epsilon, momentum), [x.Node], parameters));
    }

    /// <summary>ONNX divides alpha by the size, as PyTorch does; the paper does not.</summary>
    public static ImportValue LocalResponse(NodeReader node)
    {
        int size = node.Size(node.Int("size", 0), "size", 1);
        if (size % 2 == 0)
        {
            throw new UnsupportedNodeException(FormattableString.Invariant($"of size {size}, expected an odd one"));
        }

        ActivationValue x = node.PlainMap(0);
        var operation = new LocalResponseNormOperator(size, node.Float("bias", 1), node.Float("alpha", 1e-4f) / size, node.Float("beta", 0.75f));
        return x.With(node.State.Append(node.State.Names.Layer(node.Proto), operation, [x.Node]));
    }
}
