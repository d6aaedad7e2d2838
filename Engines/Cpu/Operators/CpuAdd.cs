using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Operators;

/// <summary>How the processor computes <see cref="AddOperator"/>.</summary>
internal sealed unsafe class CpuAdd : CpuOperator
{
    public override bool CanOverwriteInput(int input) => true;

    public override bool PassesGradient => true;

    public override void Forward(OperatorContext context) =>
        context.Device.Add(context.Inputs[0], context.Inputs[1], context.Output);

    public override void Backward(OperatorContext context)
    {
    }
}
