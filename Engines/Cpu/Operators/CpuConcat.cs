using MLClassify.Engines.Cpu.Memory;
using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Operators;

/// <summary>How the processor computes <see cref="ConcatOperator"/>.</summary>
internal sealed unsafe class CpuConcat : CpuOperator
{
    public override void Forward(OperatorContext context)
    {
        TensorView y = context.Output;
        int channel = 0;
        foreach (TensorView x in context.Inputs)
        {
            var slice = new TensorView(y.Data + channel, y.Batch, x.Shape, y.Stride);
            if (x.Data != slice.Data)
            {
                context.Device.Copy(x, new GradientTarget(slice, false));
            }

            channel += x.Shape.Channels;
        }
    }

    public override void Backward(OperatorContext context)
    {
        TensorView dy = context.OutputGradient;
        int channel = 0;
        for (int i = 0; i < context.Inputs.Length; i++)
        {
            Shape shape = context.Inputs[i].Shape;
            GradientTarget dx = context.InputGradients[i];
            var slice = new TensorView(dy.Data + channel, dy.Batch, shape, dy.Stride);
            if (dx.IsWanted && dx.View.Data != slice.Data)
            {
                context.Device.Copy(slice, dx);
            }

            channel += shape.Channels;
        }
    }
}
