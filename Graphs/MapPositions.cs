using MLClassify.Graphs.Operators;

namespace MLClassify.Graphs;

/// <summary>Where along one axis of the input a map's positions lie: position i has its center at <c>Start + i * Step</c> pixels.</summary>
/// <param name="Start">The first center, in pixels from the input's edge; 0.5 is the middle of the first pixel.</param>
/// <param name="Step">From one center to the next, in pixels.</param>
internal readonly record struct AxisPositions(double Start, double Step)
{
    internal AxisPositions Windowed(int kernel, int stride, int padding) => new(Start + ((((kernel - 1) / 2.0) - padding) * Step), Step * stride);

    internal AxisPositions Pooled(int inputs, int outputs)
    {
        double size = (double)inputs / outputs;
        return new AxisPositions(Start + ((size - 1) / 2 * Step), Step * size);
    }
}

/// <summary>
/// Where in the input the positions of a map lie: the centers of their receptive fields. They are not those of a grid laid over the whole
/// input: a 3x3 convolution of stride 2 with a border of 1 has its outputs at the even pixels, so that the last map of a ResNet, of stride
/// 32, has its first position at the input's very edge.
/// </summary>
/// <param name="Rows">Along the height.</param>
/// <param name="Columns">Along the width.</param>
internal readonly record struct MapPositions(AxisPositions Rows, AxisPositions Columns)
{
    /// <summary>Finds the centers of a node's receptive fields, along its first inputs (branches that meet agree in all usual networks).</summary>
    /// <param name="node">A node whose values are a map.</param>
    public static MapPositions Of(Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var path = new Stack<Node>();
        for (Node at = node; at.Inputs.Count > 0; at = at.Inputs[0])
        {
            path.Push(at);
        }

        var rows = new AxisPositions(0.5, 1);
        AxisPositions columns = rows;
        foreach (Node at in path)
        {
            (rows, columns) = at.Operator switch
            {
                ConvolutionOperator op => (rows.Windowed(op.KernelHeight, op.StrideY, op.PaddingTop), columns.Windowed(op.KernelWidth, op.StrideX, op.PaddingLeft)),
                MaxPoolOperator { Window: var w } => (rows.Windowed(w.Kernel, w.Stride, w.Padding), columns.Windowed(w.Kernel, w.Stride, w.Padding)),
                AveragePoolOperator { Window: var w } => (rows.Windowed(w.Kernel, w.Stride, w.Padding), columns.Windowed(w.Kernel, w.Stride, w.Padding)),
                AdaptiveAveragePoolOperator op => (rows.Pooled(at.Inputs[0].Shape.Height, op.Height), columns.Pooled(at.Inputs[0].Shape.Width, op.Width)),
                _ => (rows, columns),
            };
        }

        return new MapPositions(rows, columns);
    }
}
