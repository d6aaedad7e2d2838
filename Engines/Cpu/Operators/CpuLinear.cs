using MLClassify.Engines.Cpu.Kernels;
using MLClassify.Engines.Cpu.Memory;
using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Operators;

/// <summary>How the processor computes <see cref="LinearOperator"/>.</summary>
/// <param name="operation">Its constants.</param>
internal sealed unsafe class CpuLinear(LinearOperator operation) : CpuOperator
{
    public override bool GradientNeedsInput(int input) => true;

    public override void Forward(OperatorContext context) =>
        context.Device.Convolution(Geometry(context), context.Inputs[0], context.Parameters[0], default, context.ParameterOrAbsent(1), default, operation.ReluMax, context.Output);

    public override void Backward(OperatorContext context)
    {
        if (operation.ReluMax is not null)
        {
            throw new InvalidOperationException($"'{context.Node.Name}' was fused for inference and has no gradient.");
        }

        ConvolutionGeometry geometry = Geometry(context);
        TensorView matrix = context.ParameterGradientOrAbsent(0);
        TensorView bias = context.ParameterGradientOrAbsent(1);
        if (!matrix.IsAbsent || !bias.IsAbsent)
        {
            context.Device.ConvolutionWeightGradient(geometry, context.Inputs[0], context.OutputGradient, matrix, bias);
        }

        if (context.InputGradients[0].IsWanted)
        {
            context.Device.ConvolutionInputGradient(geometry, context.OutputGradient, context.Parameters[0], context.InputGradients[0]);
        }
    }

    private static ConvolutionGeometry Geometry(OperatorContext context) =>
        ConvolutionGeometry.Linear(context.Output.Batch, context.Inputs[0].Shape.Channels, context.Output.Shape.Channels);
}
