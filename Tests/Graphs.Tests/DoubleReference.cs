using MLClassify.Graphs.Operators;

namespace MLClassify.Graphs.Tests;

/// <summary>
/// The slow, obvious evaluation of a graph in double precision: training mode without dropout's chance, parameters in the outside
/// world's order. What the sessions compute is held against it, and its central differences are the gradients' reference.
/// </summary>
internal sealed class DoubleReference(Graph graph, Dictionary<string, double[]> parameters, int batch)
{
    public Dictionary<string, double[]> Parameters { get; } = parameters;

    public double MeanLoss(double[] input, int[] labels, double smoothing)
    {
        double[] logits = Forward(input);
        int classes = graph.Output.Shape.Channels;
        double sum = 0;
        for (int n = 0; n < batch; n++)
        {
            double[] row = logits[(n * classes)..((n + 1) * classes)];
            double logSum = Math.Log(row.Sum(Math.Exp));
            for (int c = 0; c < classes; c++)
            {
                double target = (smoothing / classes) + (c == labels[n] ? 1 - smoothing : 0);
                sum -= target * (row[c] - logSum);
            }
        }

        return sum / batch;
    }

    public double[] Forward(double[] input, bool training = true)
    {
        double[][] values = new double[graph.Nodes.Count][];
        values[0] = input;
        foreach (Node node in graph.Nodes.Skip(1))
        {
            double[][] x = [.. node.Inputs.Select(n => values[n.Index])];
            values[node.Index] = Evaluate(node, x, training);
        }

        return values[graph.Output.Index];
    }

    private double[] Evaluate(Node node, double[][] x, bool training) => node.Operator switch
    {
        ConvolutionOperator op => Convolution(node, op, x[0]),
        LinearOperator op => Linear(node, op, x[0]),
        BatchNormOperator op => BatchNorm(node, op, x[0], training),
        ReluOperator op => [.. x[0].Select(v => Math.Min(Math.Max(v, 0), op.Ceiling))],
        MaxPoolOperator op => Pool(node, op.Window, x[0], true),
        AveragePoolOperator op => Pool(node, op.Window, x[0], false),
        AdaptiveAveragePoolOperator => AdaptivePool(node, x[0]),
        LocalResponseNormOperator op => LocalResponseNorm(node, op, x[0]),
        DropoutOperator or FlattenOperator => x[0],
        AddOperator => [.. x[0].Zip(x[1], (a, b) => a + b)],
        ConcatOperator => Concat(node, x),
        SigmoidOperator => [.. x[0].Select(v => 1 / (1 + Math.Exp(-v)))],
        ScaleOperator => Scale(node, x[0], x[1]),
        _ => throw new NotSupportedException(node.ToString()),
    };

    private static int At(Shape s, int n, int y, int x, int c) => (((((n * s.Height) + y) * s.Width) + x) * s.Channels) + c;

    private double[] Each(Shape shape, Func<int, int, int, int, double> value)
    {
        double[] result = new double[batch * shape.Count];
        for (int n = 0; n < batch; n++)
        {
            for (int y = 0; y < shape.Height; y++)
            {
                for (int x = 0; x < shape.Width; x++)
                {
                    for (int c = 0; c < shape.Channels; c++)
                    {
                        result[At(shape, n, y, x, c)] = value(n, y, x, c);
                    }
                }
            }
        }

        return result;
    }

    private double[] Convolution(Node node, ConvolutionOperator op, double[] x)
    {
        Shape s = node.Inputs[0].Shape;
        double[] w = Parameters[node.Parameters[0].Name];
        double[]? b = node.Parameters.Count > 1 ? Parameters[node.Parameters[1].Name] : null;
        int groupInputs = s.Channels / op.Groups;
        int groupOutputs = op.OutputChannels / op.Groups;
        return Each(node.Shape, (n, oy, ox, o) =>
        {
            double sum = b?[o] ?? 0;
            for (int i = 0; i < groupInputs; i++)
            {
                for (int ky = 0; ky < op.KernelHeight; ky++)
                {
                    for (int kx = 0; kx < op.KernelWidth; kx++)
                    {
                        int y = (oy * op.StrideY) - op.PaddingTop + ky;
                        int xx = (ox * op.StrideX) - op.PaddingLeft + kx;
                        if (y >= 0 && y < s.Height && xx >= 0 && xx < s.Width)
                        {
                            sum += x[At(s, n, y, xx, (o / groupOutputs * groupInputs) + i)] * w[(((((o * groupInputs) + i) * op.KernelHeight) + ky) * op.KernelWidth) + kx];
                        }
                    }
                }
            }

            return sum;
        });
    }

    private double[] Linear(Node node, LinearOperator op, double[] x)
    {
        int features = node.Inputs[0].Shape.Channels;
        double[] w = Parameters[node.Parameters[0].Name];
        double[] b = Parameters[node.Parameters[1].Name];
        return Each(Shape.Vector(op.Outputs), (n, _, _, o) =>
        {
            double sum = b[o];
            for (int i = 0; i < features; i++)
            {
                sum += x[(n * features) + i] * w[(o * features) + Outside(node.Parameters[0].FlattenedFrom, i)];
            }

            return sum;
        });
    }

    // Where a feature that counts rows, columns, channels stands when channels come first.
    private static int Outside(Shape? map, int feature) =>
        map is not { } s ? feature : (feature % s.Channels * s.Pixels) + (feature / s.Channels);

    private double[] BatchNorm(Node node, BatchNormOperator op, double[] x, bool training)
    {
        Shape s = node.Shape;
        double[] scale = Parameters[node.Parameters[0].Name];
        double[] shift = Parameters[node.Parameters[1].Name];
        double[] mean = Parameters[node.Parameters[2].Name];
        double[] variance = Parameters[node.Parameters[3].Name];
        if (training)
        {
            int rows = batch * s.Pixels;
            mean = [.. Enumerable.Range(0, s.Channels).Select(c => Enumerable.Range(0, rows).Sum(r => x[(r * s.Channels) + c]) / rows)];
            double[] centre = mean;
            variance = [.. Enumerable.Range(0, s.Channels).Select(c => Enumerable.Range(0, rows).Sum(r => Math.Pow(x[(r * s.Channels) + c] - centre[c], 2)) / rows)];
        }

        return Each(s, (n, y, xx, c) => ((x[At(s, n, y, xx, c)] - mean[c]) / Math.Sqrt(variance[c] + op.Epsilon) * scale[c]) + shift[c]);
    }

    private double[] Pool(Node node, PoolWindow window, double[] x, bool max)
    {
        Shape s = node.Inputs[0].Shape;
        return Each(node.Shape, (n, oy, ox, c) =>
        {
            double best = double.NegativeInfinity;
            double sum = 0;
            for (int ky = 0; ky < window.Kernel; ky++)
            {
                for (int kx = 0; kx < window.Kernel; kx++)
                {
                    int y = (oy * window.Stride) - window.Padding + ky;
                    int xx = (ox * window.Stride) - window.Padding + kx;
                    if (y >= 0 && y < s.Height && xx >= 0 && xx < s.Width)
                    {
                        best = Math.Max(best, x[At(s, n, y, xx, c)]);
                        sum += x[At(s, n, y, xx, c)];
                    }
                }
            }

            return max ? best : sum / (window.Kernel * window.Kernel);
        });
    }

    private double[] AdaptivePool(Node node, double[] x)
    {
        Shape s = node.Inputs[0].Shape;
        Shape o = node.Shape;
        return Each(o, (n, oy, ox, c) =>
        {
            int y0 = (int)Math.Floor((double)oy * s.Height / o.Height);
            int y1 = (int)Math.Ceiling((oy + 1.0) * s.Height / o.Height);
            int x0 = (int)Math.Floor((double)ox * s.Width / o.Width);
            int x1 = (int)Math.Ceiling((ox + 1.0) * s.Width / o.Width);
            double sum = 0;
            for (int y = y0; y < y1; y++)
            {
                for (int xx = x0; xx < x1; xx++)
                {
                    sum += x[At(s, n, y, xx, c)];
                }
            }

            return sum / ((y1 - y0) * (x1 - x0));
        });
    }

    private double[] LocalResponseNorm(Node node, LocalResponseNormOperator op, double[] x)
    {
        Shape s = node.Shape;
        return Each(s, (n, y, xx, c) =>
        {
            double sum = 0;
            for (int j = Math.Max(0, c - (op.Size / 2)); j <= Math.Min(s.Channels - 1, c + (op.Size / 2)); j++)
            {
                sum += Math.Pow(x[At(s, n, y, xx, j)], 2);
            }

            return x[At(s, n, y, xx, c)] * Math.Pow(op.K + (op.Alpha * sum), -op.Beta);
        });
    }

    private double[] Concat(Node node, double[][] x) => Each(node.Shape, (n, y, xx, c) =>
    {
        int input = 0;
        while (c >= node.Inputs[input].Shape.Channels)
        {
            c -= node.Inputs[input++].Shape.Channels;
        }

        return x[input][At(node.Inputs[input].Shape, n, y, xx, c)];
    });

    private double[] Scale(Node node, double[] x, double[] factors) =>
        Each(node.Shape, (n, y, xx, c) => x[At(node.Shape, n, y, xx, c)] * factors[(n * node.Shape.Channels) + c]);
}
