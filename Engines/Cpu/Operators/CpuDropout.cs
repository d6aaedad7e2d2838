using MLClassify.Engines.Cpu.Memory;
using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Operators;

/// <summary>How the processor computes <see cref="DropoutOperator"/>.</summary>
/// <param name="operation">Its constants.</param>
internal sealed unsafe class CpuDropout(DropoutOperator operation) : CpuOperator
{
    public override bool CanOverwriteInput(int input) => true;

    public override bool GradientCanOverwrite(int input) => true;

    public override void Forward(OperatorContext context) =>
        context.Device.Dropout(context.Inputs[0], context.Training ? operation.Probability : 0, context.Seed, new GradientTarget(context.Output, false));

    public override void Backward(OperatorContext context) =>
        context.Device.Dropout(context.OutputGradient, context.Training ? operation.Probability : 0, context.Seed, context.InputGradients[0]);
}
