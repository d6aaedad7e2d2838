using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Operators;

/// <summary>How the processor computes <see cref="FlattenOperator"/>.</summary>
internal sealed unsafe class CpuFlatten : CpuOperator
{
    public override bool IsView => true;

    public override bool PassesGradient => true;

    public override void Forward(OperatorContext context)
    {
    }

    public override void Backward(OperatorContext context)
    {
    }
}
