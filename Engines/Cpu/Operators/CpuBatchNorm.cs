using MLClassify.Engines.Cpu.Devices;
using MLClassify.Engines.Cpu.Memory;
using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Operators;

/// <summary>How the processor computes <see cref="BatchNormOperator"/>.</summary>
/// <param name="operation">Its constants.</param>
internal sealed unsafe class CpuBatchNorm(BatchNormOperator operation) : CpuOperator
{
    public override bool GradientNeedsOutput => operation.AddsResidual && operation.ReluMax is not null;

    public override bool GradientNeedsInput(int input) => input == 0;

    public override bool CanOverwriteInput(int input) => true;

    /// <summary>One of the two gradients may: the summand's, where there is one.</summary>
    public override bool GradientCanOverwrite(int input) => input == (operation.AddsResidual ? 1 : 0);

    /// <summary>The batch's mean and the inverse of its standard deviation, a value each a channel.</summary>
    public override long AuxiliaryLength(IReadOnlyList<Shape> inputs, Shape output, int batch) => 2L * output.Channels;

    public override void Forward(OperatorContext context)
    {
        TensorView residual = operation.AddsResidual ? context.Inputs[1] : default;
        context.Device.BatchNorm(Arguments(context, context.Training && !context.RunningStatistics), context.Inputs[0], residual, context.Output);
    }

    public override void Backward(OperatorContext context)
    {
        context.Device.BatchNormGradient(
            Arguments(context, !context.RunningStatistics),
            context.Inputs[0],
            context.Output,
            context.OutputGradient,
            context.InputGradients[0],
            operation.AddsResidual ? context.InputGradients[1] : default,
            context.ParameterGradientOrAbsent(0),
            context.ParameterGradientOrAbsent(1));
    }

    private BatchNormArguments Arguments(OperatorContext context, bool batchStatistics) => new()
    {
        Scale = context.Parameters[0].Data,
        Shift = context.Parameters[1].Data,
        RunningMean = context.Parameters[2].Data,
        RunningVariance = context.Parameters[3].Data,
        Saved = context.Auxiliary,
        Epsilon = operation.Epsilon,
        Momentum = operation.Momentum,
        UseBatchStatistics = batchStatistics,
        AddsResidual = operation.AddsResidual,
        ReluMax = operation.ReluMax,
    };
}
