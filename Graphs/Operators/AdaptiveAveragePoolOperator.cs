namespace MLClassify.Graphs.Operators;

/// <summary>
/// Mean over windows that cover the input evenly, <c>[N, H, W, C]</c> to <c>[N, Height, Width, C]</c>: output row i covers input rows
/// <c>floor(i H / Height)</c> to <c>ceil((i + 1) H / Height)</c>. With 1 x 1 it is the global average.
/// </summary>
/// <param name="Height">Output rows.</param>
/// <param name="Width">Output columns.</param>
internal sealed record AdaptiveAveragePoolOperator(int Height, int Width) : Operator
{
    internal const string KindName = "adaptive_average_pool";

    /// <inheritdoc/>
    public override string Name => Height == 1 && Width == 1 ? "GlobalAveragePool" : "AdaptiveAveragePool";

    /// <inheritdoc/>
    public override string OnnxName => Height == 1 && Width == 1 ? "GlobalAveragePool" : "AveragePool";

    internal override string Kind => KindName;

    /// <inheritdoc/>
    public override Shape InferShape(string node, IReadOnlyList<Shape> inputs)
    {
        Shape x = Only(node, inputs);
        return Height >= 1 && Width >= 1
            ? new Shape(Height, Width, x.Channels)
            : throw new ShapeException(Name, node, "an output of at least 1 x 1", $"{Height} x {Width}");
    }

    internal static AdaptiveAveragePoolOperator Read(OperatorAttributes attributes) =>
        new(attributes.Integer("height", 1, 1), attributes.Integer("width", 1, 1));

    internal override void Write(OperatorAttributes attributes)
    {
        attributes.Write("height", Height, 1);
        attributes.Write("width", Width, 1);
    }

    /// <inheritdoc/>
    public override void Export(OnnxEmitter emitter)
    {
        ArgumentNullException.ThrowIfNull(emitter);
        Shape x = emitter.InputShapes[0];
        string map = emitter.Map(0);
        emitter.MapResult((x.Height, x.Width) == (Height, Width) ? map
            : (Height, Width) == (1, 1) ? emitter.Emit("GlobalAveragePool", [map])
            : x.Height % Height == 0 && x.Width % Width == 0 ? EmitPool(emitter, map, x.Height / Height, x.Width / Width)
            : EmitProducts(emitter, map, x));
    }

    private static string EmitPool(OnnxEmitter emitter, string map, long height, long width) => emitter.Emit(
        "AveragePool", [map], new OnnxAttribute("kernel_shape", [height, width]), new OnnxAttribute("strides", [height, width]));

    // ONNX has no windows of different sizes. The mean over a window is the mean over its rows of the means over its columns, and each is
    // a matrix product on one side of the map.
    private string EmitProducts(OnnxEmitter emitter, string map, Shape x)
    {
        string rows = emitter.Singles("rows", [Height, x.Height], Means(Height, x.Height));
        string columns = emitter.Singles("columns", [x.Width, Width], Transpose(Means(Width, x.Width), Width, x.Width));
        return emitter.Emit("MatMul", [rows, emitter.Emit("MatMul", [map, columns])]);
    }

    // [outputs, inputs]: the share of each input in each mean.
    private static float[] Means(int outputs, int inputs)
    {
        float[] shares = new float[outputs * inputs];
        for (int i = 0; i < outputs; i++)
        {
            int begin = (int)((long)i * inputs / outputs);
            int end = (int)((((i + 1L) * inputs) + outputs - 1) / outputs);
            shares.AsSpan((i * inputs) + begin, end - begin).Fill(1f / (end - begin));
        }

        return shares;
    }

    private static float[] Transpose(float[] matrix, int rows, int columns)
    {
        float[] transposed = new float[matrix.Length];
        for (int i = 0; i < matrix.Length; i++)
        {
            transposed[(i % columns * rows) + (i / columns)] = matrix[i];
        }

        return transposed;
    }
}
