using MLClassify.Engines.Cpu.Memory;
using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Operators;

/// <summary>How the processor computes <see cref="PadChannelsOperator"/>.</summary>
/// <param name="operation">Its constants.</param>
internal sealed unsafe class CpuPadChannels(PadChannelsOperator operation) : CpuOperator
{
    public override void Forward(OperatorContext context)
    {
        TensorView x = context.Inputs[0];
        TensorView y = context.Output;
        context.Device.Clear(y);
        context.Device.Copy(x, new GradientTarget(Slice(y, x.Shape), false));
    }

    public override void Backward(OperatorContext context) =>
        context.Device.Copy(Slice(context.OutputGradient, context.Inputs[0].Shape), context.InputGradients[0]);

    private TensorView Slice(TensorView padded, Shape shape) => new(padded.Data + operation.Before, padded.Batch, shape, padded.Stride);
}
