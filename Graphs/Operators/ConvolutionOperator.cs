namespace MLClassify.Graphs.Operators;

/// <summary>
/// Two-dimensional convolution (cross-correlation, as the field calls it), <c>[N, H, W, in]</c> to <c>[N, H', W', out]</c> with
/// <c>H' = (H + top + bottom - kernel) / stride + 1</c>. Parameters: filters, and a bias where there is one. After fusion it also adds
/// a second input and rectifies, which only inference does.
/// </summary>
internal sealed record ConvolutionOperator : Operator
{
    internal const string KindName = "convolution";

    /// <inheritdoc/>
    public override string Name => "Convolution";

    /// <inheritdoc/>
    public override string OnnxName => "Conv";

    internal override string Kind => KindName;

    /// <summary>Output channels.</summary>
    public required int OutputChannels { get; init; }

    /// <summary>Filter rows.</summary>
    public required int KernelHeight { get; init; }

    /// <summary>Filter columns.</summary>
    public required int KernelWidth { get; init; }

    /// <summary>Rows from one output to the next.</summary>
    public int StrideY { get; init; } = 1;

    /// <summary>Columns from one output to the next.</summary>
    public int StrideX { get; init; } = 1;

    /// <summary>Rows of zeros above.</summary>
    public int PaddingTop { get; init; }

    /// <summary>Columns of zeros to the left.</summary>
    public int PaddingLeft { get; init; }

    /// <summary>Rows of zeros below.</summary>
    public int PaddingBottom { get; init; }

    /// <summary>Columns of zeros to the right.</summary>
    public int PaddingRight { get; init; }

    /// <summary>Groups of channels that do not mix; the channel count makes it depthwise.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Fused: the upper bound of the ReLU that follows: infinity for a plain one, null without one.</summary>
    public float? ReluMax { get; init; }

    /// <inheritdoc/>
    public override Shape InferShape(string node, IReadOnlyList<Shape> inputs)
    {
        if (inputs.Count != 2)
        {
            Require(node, inputs, 1);
        }

        Shape x = inputs[0];
        if (OutputChannels < 1 || KernelHeight < 1 || KernelWidth < 1 || StrideY < 1 || StrideX < 1 || PaddingTop < 0 || PaddingLeft < 0 || PaddingBottom < 0 || PaddingRight < 0)
        {
            throw new ShapeException(Name, node, "positive outputs, kernel and stride, padding of at least 0", ToString());
        }

        if (Groups < 1 || x.Channels % Groups != 0 || OutputChannels % Groups != 0)
        {
            throw new ShapeException(Name, node, $"input and output channels divisible by {Groups} groups", $"{x.Channels} and {OutputChannels}");
        }

        int paddedHeight = checked(x.Height + PaddingTop + PaddingBottom);
        int paddedWidth = checked(x.Width + PaddingLeft + PaddingRight);
        if (paddedHeight < KernelHeight || paddedWidth < KernelWidth)
        {
            throw new ShapeException(Name, node, $"a padded input of at least {KernelHeight} x {KernelWidth}", $"{paddedHeight} x {paddedWidth} from {x}");
        }

        var output = new Shape(((paddedHeight - KernelHeight) / StrideY) + 1, ((paddedWidth - KernelWidth) / StrideX) + 1, OutputChannels);
        if (inputs.Count == 2 && inputs[1] != output)
        {
            throw new ShapeException(Name, node, $"a summand of {output}", inputs[1].ToString());
        }

        return output;
    }

    internal static ConvolutionOperator Read(OperatorAttributes attributes) => new()
    {
        OutputChannels = attributes.Integer("outputs", 1),
        KernelHeight = attributes.Integer("kernel_height", 1),
        KernelWidth = attributes.Integer("kernel_width", 1),
        StrideY = attributes.Integer("stride_y", 1, 1),
        StrideX = attributes.Integer("stride_x", 1, 1),
        PaddingTop = attributes.Integer("padding_top", 0, 0),
        PaddingLeft = attributes.Integer("padding_left", 0, 0),
        PaddingBottom = attributes.Integer("padding_bottom", 0, 0),
        PaddingRight = attributes.Integer("padding_right", 0, 0),
        Groups = attributes.Integer("groups", 1, 1),
    };

    internal override void Write(OperatorAttributes attributes)
    {
        attributes.Write("outputs", OutputChannels);
        attributes.Write("kernel_height", KernelHeight);
        attributes.Write("kernel_width", KernelWidth);
        attributes.Write("stride_y", StrideY, 1);
        attributes.Write("stride_x", StrideX, 1);
        attributes.Write("padding_top", PaddingTop, 0);
        attributes.Write("padding_left", PaddingLeft, 0);
        attributes.Write("padding_bottom", PaddingBottom, 0);
        attributes.Write("padding_right", PaddingRight, 0);
        attributes.Write("groups", Groups, 1);
    }

    internal override IReadOnlyList<ParameterSpec> ParametersFor(IReadOnlyList<Shape> inputs) =>
    [
        new(ParameterRole.ConvolutionWeight, [OutputChannels, inputs[0].Channels / Groups, KernelHeight, KernelWidth]) { Groups = Groups },
        new(ParameterRole.Bias, [OutputChannels]) { IsOptional = true },
    ];

    /// <inheritdoc/>
    public override void Export(OnnxEmitter emitter)
    {
        ArgumentNullException.ThrowIfNull(emitter);
        string y = emitter.Emit(
            OnnxName,
            [emitter.Map(0), .. emitter.Parameters()],
            new OnnxAttribute("kernel_shape", [KernelHeight, KernelWidth]),
            new OnnxAttribute("strides", [StrideY, StrideX]),
            new OnnxAttribute("pads", [PaddingTop, PaddingLeft, PaddingBottom, PaddingRight]),
            new OnnxAttribute("dilations", [1, 1]),
            new OnnxAttribute("group", Groups));
        y = emitter.InputShapes.Count > 1 ? emitter.Emit("Add", [y, emitter.Map(1)]) : y;
        emitter.MapResult(emitter.EmitRelu(y, ReluMax));
    }
}
