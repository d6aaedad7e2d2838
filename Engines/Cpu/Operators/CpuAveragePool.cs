using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Operators;

/// <summary>How the processor computes <see cref="AveragePoolOperator"/>.</summary>
/// <param name="operation">Its constants.</param>
internal sealed unsafe class CpuAveragePool(AveragePoolOperator operation) : CpuOperator
{
    public override void Forward(OperatorContext context) =>
        context.Device.AveragePool(operation.Window, context.Inputs[0], context.Output);

    public override void Backward(OperatorContext context) =>
        context.Device.AveragePoolGradient(operation.Window, context.OutputGradient, context.InputGradients[0]);
}
