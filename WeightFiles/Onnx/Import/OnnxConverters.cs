namespace MLClassify.WeightFiles.Onnx.Import;

/// <summary>What converts each ONNX operator. Everything that is not here is unsupported.</summary>
internal static class OnnxConverters
{
    /// <summary>The converters by operator; all are of ONNX's own domain.</summary>
    public static IReadOnlyDictionary<string, Func<NodeReader, ImportValue>> Table { get; } =
        new Dictionary<string, Func<NodeReader, ImportValue>>(StringComparer.Ordinal)
        {
            ["Add"] = Arithmetic.Add,
            ["AveragePool"] = Pooling.Average,
            ["BatchNormalization"] = Normalizations.Batch,
            ["Cast"] = Constants.Cast,
            ["Clip"] = Activations.Clip,
            ["Concat"] = ShapeArithmetic.Concat,
            ["Constant"] = Constants.Constant,
            ["ConstantOfShape"] = ShapeArithmetic.ConstantOfShape,
            ["Conv"] = Convolutions.Convolution,
            ["Div"] = Arithmetic.Divide,
            ["Dropout"] = Activations.Dropout,
            ["Flatten"] = Reshaping.Flatten,
            ["Gather"] = ShapeArithmetic.Gather,
            ["Gemm"] = MatrixProducts.Gemm,
            ["GlobalAveragePool"] = Pooling.GlobalAverage,
            ["GlobalMaxPool"] = Pooling.GlobalMax,
            ["Identity"] = Activations.Identity,
            ["LRN"] = Normalizations.LocalResponse,
            ["LogSoftmax"] = Activations.Softmax,
            ["MatMul"] = MatrixProducts.MatMul,
            ["MaxPool"] = Pooling.Max,
            ["Mul"] = Arithmetic.Multiply,
            ["Pad"] = Padding.Pad,
            ["ReduceMean"] = Pooling.ReduceMean,
            ["Relu"] = Activations.Relu,
            ["Reshape"] = Reshaping.Reshape,
            ["Shape"] = ShapeArithmetic.Shape,
            ["Sigmoid"] = Activations.Sigmoid,
            ["Slice"] = Padding.Slice,
            ["Softmax"] = Activations.Softmax,
            ["Squeeze"] = Reshaping.Squeeze,
            ["Sub"] = Arithmetic.Subtract,
            ["Transpose"] = Reshaping.Transpose,
            ["Unsqueeze"] = Reshaping.Unsqueeze,
        };
}
