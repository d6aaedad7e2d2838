using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Operators;

/// <summary>How the processor computes <see cref="InputOperator"/>.</summary>
internal sealed unsafe class CpuInput : CpuOperator
{
    public override void Forward(OperatorContext context)
    {
    }

    public override void Backward(OperatorContext context)
    {
    }
}
