using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Operators;

/// <summary>How the processor computes <see cref="ScaleOperator"/>.</summary>
internal sealed unsafe class CpuScale : CpuOperator
{
    public override bool GradientNeedsInput(int input) => true;

    public override void Forward(OperatorContext context) =>
        context.Device.Scale(context.Inputs[0], context.Inputs[1], context.Output);

    public override void Backward(OperatorContext context) =>
        context.Device.ScaleGradient(context.Inputs[0], context.Inputs[1], context.OutputGradient, context.InputGradients[0], context.InputGradients[1]);
}
