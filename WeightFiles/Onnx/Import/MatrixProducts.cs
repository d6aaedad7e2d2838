using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.WeightFiles.Onnx.Import;

/// <summary>Products of features and a matrix: linear layers.</summary>
internal static class MatrixProducts
{
    /// <summary><c>alpha A B + beta C</c> with features A; B may stand transposed, as PyTorch has it.</summary>
    public static ImportValue Gemm(NodeReader node)
    {
        if (node.Int("transA", 0) != 0)
        {
            throw new UnsupportedNodeException("with transposed features");
        }

        ConstantValue matrix = Matrix(node);
        ConstantValue? bias = node.Has(2) ? node.Constant(2) : null;
        return Linear(node, node.Int("transB", 0) != 0 ? matrix : matrix.Transposed(), bias, node.Float("alpha", 1), node.Float("beta", 1));
    }

    /// <summary>Features times a matrix, and the bias that a following addition has.</summary>
    public static ImportValue MatMul(NodeReader node)
    {
        if (Pooling.Products(node) is { } pooled)
        {
            return pooled;
        }

        ConstantValue matrix = Matrix(node).Transposed();
        int outputs = node.Size(matrix.Dimensions[0], "outputs", 1);
        return Linear(node, matrix, Arithmetic.TakeFollowingBias(node, outputs, [1, outputs]), 1, 1);
    }

    /// <summary>Declares a bias.</summary>
    /// <param name="node">The node that it is part of.</param>
    /// <param name="bias">Its values, one or as many as outputs.</param>
    /// <param name="layer">The layer's name.</param>
    /// <param name="outputs">The number of outputs.</param>
    /// <param name="factor">What its values are multiplied by.</param>
    public static Parameter Bias(NodeReader node, ConstantValue bias, string layer, int outputs, float factor)
    {
        bool isOne = bias.Count == 1;
        bool fits = (isOne || bias.Count == outputs) && (isOne || bias.Dimensions.Count(d => d != 1) <= 1) && bias.Dimensions.Count <= 4;
        if (!fits)
        {
            throw node.Invalid(FormattableString.Invariant($"the bias '{bias.Name}' is [{string.Join(", ", bias.Dimensions.Take(8))}], expected [{outputs}]"));
        }

        return node.State.Declare(
            node.State.Names.Parameter(bias.Name, layer, "bias"), ParameterRole.Bias, [outputs], () => Expand(bias.Singles(), outputs, factor));
    }

    private static ConstantValue Matrix(NodeReader node)
    {
        ConstantValue matrix = node.Constant(1);
        return matrix.Dimensions.Count == 2 && matrix.Dimensions.All(d => d is >= 1 and <= int.MaxValue)
            ? matrix
            : throw new UnsupportedNodeException(FormattableString.Invariant($"with a matrix [{string.Join(", ", matrix.Dimensions.Take(8))}]"));
    }

    // The matrix is [outputs, inputs].
    private static ActivationValue Linear(NodeReader node, ConstantValue matrix, ConstantValue? bias, float alpha, float beta)
    {
        int outputs = (int)matrix.Dimensions[0];
        ActivationValue x = node.Settled(0);
        int features = x.Node.Shape.Channels;
        if (x.Rank != 2 || !x.Node.Shape.IsVector)
        {
            throw new UnsupportedNodeException(FormattableString.Invariant($"of [N, {string.Join(", ", x.Dimensions)}], expected [N, F]"));
        }

        if (matrix.Dimensions[1] != features)
        {
            throw node.Invalid(FormattableString.Invariant($"the matrix '{matrix.Name}' takes {matrix.Dimensions[1]} features, got {features}"));
        }

        string layer = node.State.Names.Layer(node.Proto, matrix.Name);
        Parameter weight = node.State.Declare(
            node.State.Names.Parameter(matrix.Name, layer, "weight"),
            ParameterRole.LinearWeight,
            [outputs, features],
            () => Expand(matrix.Singles(), 0, alpha)) with
        { FlattenedFrom = x.FlattenedFrom };
        Parameter offset = Bias(node, bias ?? ConstantValue.Of(new float[outputs], isScalar: false), layer, outputs, beta);
        return ActivationValue.Vector(node.State.Append(layer, new LinearOperator(outputs), [x.Node], weight, offset));
    }

    private static float[] Expand(float[] values, int count, float factor)
    {
        float[] result = values.Length == 1 && count > 1 ? [.. Enumerable.Repeat(values[0], count)] : values;
        return factor == 1 ? result : [.. result.Select(v => v * factor)];
    }
}
