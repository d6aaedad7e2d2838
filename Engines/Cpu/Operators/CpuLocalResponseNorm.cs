using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Operators;

/// <summary>How the processor computes <see cref="LocalResponseNormOperator"/>.</summary>
/// <param name="operation">Its constants.</param>
internal sealed unsafe class CpuLocalResponseNorm(LocalResponseNormOperator operation) : CpuOperator
{
    public override bool GradientNeedsInput(int input) => true;

    public override bool GradientNeedsOutput => true;

    public override void Forward(OperatorContext context) =>
        context.Device.LocalResponseNorm(operation, context.Inputs[0], context.Output);

    public override void Backward(OperatorContext context) =>
        context.Device.LocalResponseNormGradient(operation, context.Inputs[0], context.Output, context.OutputGradient, context.InputGradients[0]);
}
