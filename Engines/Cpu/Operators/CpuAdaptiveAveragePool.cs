using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Operators;

/// <summary>How the processor computes <see cref="AdaptiveAveragePoolOperator"/>.</summary>
internal sealed unsafe class CpuAdaptiveAveragePool : CpuOperator
{
    public override void Forward(OperatorContext context) =>
        context.Device.AdaptiveAveragePool(context.Inputs[0], context.Output);

    public override void Backward(OperatorContext context) =>
        context.Device.AdaptiveAveragePoolGradient(context.OutputGradient, context.InputGradients[0]);
}
