using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Operators;

/// <summary>How the processor computes <see cref="MaxPoolOperator"/>.</summary>
/// <param name="operation">Its constants.</param>
internal sealed unsafe class CpuMaxPool(MaxPoolOperator operation) : CpuOperator
{
    /// <summary>For each output, the winner's place in its window: as a float.</summary>
    public override long AuxiliaryLength(IReadOnlyList<Shape> inputs, Shape output, int batch) => (long)batch * output.Count;

    public override void Forward(OperatorContext context) =>
        context.Device.MaxPool(operation.Window, context.Inputs[0], context.Output, context.Auxiliary);

    public override void Backward(OperatorContext context) =>
        context.Device.MaxPoolGradient(operation.Window, context.OutputGradient, context.Auxiliary, context.InputGradients[0]);
}
