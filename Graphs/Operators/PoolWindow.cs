namespace MLClassify.Graphs.Operators;

/// <summary>A square pooling window.</summary>
/// <param name="Kernel">The window's side.</param>
/// <param name="Stride">Step between windows.</param>
/// <param name="Padding">Border at each side; at most half the window.</param>
/// <param name="CeilMode">Whether a last, partly outside window counts.</param>
internal readonly record struct PoolWindow(int Kernel, int Stride, int Padding, bool CeilMode)
{
    internal static PoolWindow Read(OperatorAttributes attributes) => new(
        attributes.Integer("kernel", 1), attributes.Integer("stride", 1), attributes.Integer("padding", 0, 0), attributes.Flag("ceil_mode"));

    internal void Write(OperatorAttributes attributes)
    {
        attributes.Write("kernel", Kernel);
        attributes.Write("stride", Stride);
        attributes.Write("padding", Padding, 0);
        attributes.Write("ceil_mode", CeilMode ? 1 : 0, 0);
    }

    internal Shape Apply(string operatorName, string node, Shape x)
    {
        if (Kernel < 1 || Stride < 1 || Padding < 0 || Padding > Kernel / 2)
        {
            throw new ShapeException(operatorName, node, "positive kernel and stride, padding of at most half the kernel", ToString());
        }

        if (x.Height < Kernel - (2 * Padding) || x.Width < Kernel - (2 * Padding))
        {
            throw new ShapeException(operatorName, node, $"a padded input of at least {Kernel} x {Kernel}", $"{x.Height + (2 * Padding)} x {x.Width + (2 * Padding)} from {x}");
        }

        return new Shape(Side(x.Height), Side(x.Width), x.Channels);
    }

    /// <summary>The window as ONNX's pooling operators have it.</summary>
    internal OnnxAttribute[] OnnxAttributes(Shape x)
    {
        long bottom = Padding;
        long right = Padding;
        bool isCeil = CeilMode;
        if (CeilMode && (Side(x.Height), Side(x.Width)) != (PlainCeiling(x.Height), PlainCeiling(x.Width)))
        {
            // ONNX's ceil mode keeps a last window that begins outside, in the versions that runtimes hold to; so say exactly how far to go.
            bottom = EndPadding(x.Height);
            right = EndPadding(x.Width);
            isCeil = false;
        }

        OnnxAttribute[] attributes =
        [
            new("kernel_shape", [Kernel, Kernel]),
            new("strides", [Stride, Stride]),
            new("pads", [Padding, Padding, bottom, right]),
        ];
        return isCeil ? [.. attributes, new OnnxAttribute("ceil_mode", 1)] : attributes;
    }

    private int PlainCeiling(int input) => ((input + (2 * Padding) - Kernel + Stride - 1) / Stride) + 1;

    private long EndPadding(int input) => Math.Max(0, ((Side(input) - 1) * Stride) + Kernel - input - Padding);

    private int Side(int input)
    {
        // Kernel and padding may be large, their difference is at most the input's side.
        int reach = input - (Kernel - (2 * Padding));
        int side = (reach / Stride) + (CeilMode && reach % Stride != 0 ? 2 : 1);

        // PyTorch's rule: the last window must begin inside the input or its leading border.
        return CeilMode && (long)(side - 1) * Stride >= (long)input + Padding ? side - 1 : side;
    }
}
