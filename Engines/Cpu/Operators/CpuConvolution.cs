using MLClassify.Engines.Cpu.Kernels;
using MLClassify.Engines.Cpu.Memory;
using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Operators;

/// <summary>How the processor computes <see cref="ConvolutionOperator"/>.</summary>
/// <param name="operation">Its constants.</param>
internal sealed unsafe class CpuConvolution(ConvolutionOperator operation) : CpuOperator
{
    public override bool GradientNeedsInput(int input) => true;

    public override long PreparedLength(OperatorContext context) =>
        context.Device.PreparedFilterLength(Geometry(context));

    public override void Prepare(OperatorContext context) =>
        context.Device.PrepareFilters(Geometry(context), context.Parameters[0], context.Prepared);

    public override void Forward(OperatorContext context)
    {
        TensorView residual = context.Inputs.Length > 1 ? context.Inputs[1] : default;
        context.Device.Convolution(Geometry(context), context.Inputs[0], context.Parameters[0], context.Prepared, context.ParameterOrAbsent(1), residual, operation.ReluMax, context.Output);
    }

    public override void Backward(OperatorContext context)
    {
        if (operation.ReluMax is not null || context.Inputs.Length > 1)
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
            PlannedBatch = context.PlannedBatch,
            InputHeight = x.Height,
            InputWidth = x.Width,
            InputChannels = x.Channels,
            OutputHeight = y.Height,
            OutputWidth = y.Width,
            OutputChannels = y.Channels,
            KernelHeight = operation.KernelHeight,
            KernelWidth = operation.KernelWidth,
            StrideY = operation.StrideY,
            StrideX = operation.StrideX,
            PaddingTop = operation.PaddingTop,
            PaddingLeft = operation.PaddingLeft,
            Groups = operation.Groups,
        };
    }
}
