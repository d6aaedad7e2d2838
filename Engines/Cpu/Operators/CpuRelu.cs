using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Operators;

/// <summary>How the processor computes <see cref="ReluOperator"/>.</summary>
/// <param name="operation">Its constants.</param>
internal sealed unsafe class CpuRelu(ReluOperator operation) : CpuOperator
{
    public override bool GradientNeedsOutput => true;

    public override bool CanOverwriteInput(int input) => true;

    public override bool GradientCanOverwrite(int input) => true;

    public override void Forward(OperatorContext context) =>
        context.Device.Relu(context.Inputs[0], operation.Max, context.Output);

    public override void Backward(OperatorContext context) =>
        context.Device.ReluGradient(context.Output, context.OutputGradient, operation.Max, context.InputGradients[0]);
}
