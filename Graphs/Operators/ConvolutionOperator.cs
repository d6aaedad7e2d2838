using MLClassify.Graphs.Descriptions;
using MLClassify.Kernels;

namespace MLClassify.Graphs.Operators;

/// <summary>
/// Two-dimensional convolution (cross-correlation, as the field calls it), <c>[N, H, W, in]</c> to <c>[N, H', W', out]</c> with
/// <c>H' = (H + top + bottom - kernel) / stride + 1</c>. Parameters: filters, and a bias where there is one. After fusion it also adds
/// a second input and rectifies, which only inference does.
/// </summary>
public sealed record ConvolutionOperator : Operator
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

    /// <summary>Fused: the largest output of a rectifier that follows, infinity for a plain one, null for none.</summary>
    public float? ReluCeiling { get; init; }

    /// <inheritdoc/>
    public override bool GradientNeedsInput(int input) => true;

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

    /// <inheritdoc/>
    public override long PreparedLength(OperatorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Device.PreparedFilterLength(Geometry(context));
    }

    /// <inheritdoc/>
    public override void Prepare(OperatorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Device.PrepareFilters(Geometry(context), context.Parameters[0], context.Prepared);
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

    internal override IReadOnlyList<ParameterNeed> ParametersFor(IReadOnlyList<Shape> inputs) =>
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
        y = emitter.Node.Inputs.Count > 1 ? emitter.Emit("Add", [y, emitter.Map(1)]) : y;
        emitter.MapResult(emitter.EmitRelu(y, ReluCeiling));
    }

    /// <inheritdoc/>
    public override void Forward(OperatorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        TensorView residual = context.Inputs.Length > 1 ? context.Inputs[1] : default;
        context.Device.Convolution(Geometry(context), context.Inputs[0], context.Parameters[0], context.Prepared, context.ParameterOrAbsent(1), residual, ReluCeiling, context.Output);
    }

    /// <inheritdoc/>
    public override void Backward(OperatorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (ReluCeiling is not null || context.Inputs.Length > 1)
        {
            throw new InvalidOperationException($"'{context.Node.Name}' was fused for inference and has no gradient.");
        }

        ConvolutionGeometry geometry = Geometry(context);
        TensorView filters = context.ParameterGradientOrAbsent(0);
        TensorView bias = context.ParameterGradientOrAbsent(1);
        if (!filters.IsAbsent || !bias.IsAbsent)
        {
            context.Device.ConvolutionWeightGradient(geometry, context.Inputs[0], context.OutputGradient, filters, bias);
        }

        if (context.InputGradients[0].IsWanted)
        {
            context.Device.ConvolutionInputGradient(geometry, context.OutputGradient, context.Parameters[0], context.InputGradients[0]);
        }
    }

    private ConvolutionGeometry Geometry(OperatorContext context)
    {
        Shape x = context.Inputs[0].Shape;
        Shape y = context.Output.Shape;
        return new ConvolutionGeometry
        {
            Batch = context.Output.Batch,
            InputHeight = x.Height,
            InputWidth = x.Width,
            InputChannels = x.Channels,
            OutputHeight = y.Height,
            OutputWidth = y.Width,
            OutputChannels = y.Channels,
            KernelHeight = KernelHeight,
            KernelWidth = KernelWidth,
            StrideY = StrideY,
            StrideX = StrideX,
            PaddingTop = PaddingTop,
            PaddingLeft = PaddingLeft,
            Groups = Groups,
        };
    }
}
