using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Operators;

/// <summary>How the processor computes <see cref="SigmoidOperator"/>.</summary>
internal sealed unsafe class CpuSigmoid : CpuOperator
{
    public override bool GradientNeedsOutput => true;

    public override bool CanOverwriteInput(int input) => true;

    public override bool GradientCanOverwrite(int input) => true;

    public override void Forward(OperatorContext context) =>
        context.Device.Sigmoid(context.Inputs[0], context.Output);

    public override void Backward(OperatorContext context) =>
        context.Device.SigmoidGradient(context.Output, context.OutputGradient, context.InputGradients[0]);
}
