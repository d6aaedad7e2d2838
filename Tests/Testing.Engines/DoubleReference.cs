using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.Testing.Engines;

/// <summary>
/// The slow, obvious evaluation of a graph in double precision, without dropout's chance, parameters in the outside world's order. What
/// the sessions compute is held against it, and its central differences are the gradients' reference.
/// </summary>
internal sealed class DoubleReference(Graph graph, Dictionary<string, double[]> parameters, int batch)
{
    private readonly double[][] _values = new double[graph.Nodes.Count][];
    private bool _training;

    public Dictionary<string, double[]> Parameters { get; } = parameters;

    /// <summary>A node's values in the last <see cref="Forward"/>.</summary>
    public double[] ValuesOf(Node node) => _values[node.Index];

    public double[] Forward(double[] input, bool training = true)
    {
        _training = training;
        _values[0] = input;
        foreach (Node node in graph.Nodes.Skip(1))
        {
            _values[node.Index] = Evaluate(node, [.. node.Inputs.Select(n => _values[n.Index])], training);
        }

        return ValuesOf(graph.Output);
    }

    /// <summary>The loss of the last <see cref="Forward"/> with other parameters in one node: what does not depend on it is kept.</summary>
    public double MeanLoss(Node changed, int[] labels, double smoothing)
    {
        double[]?[] moved = new double[]?[graph.Nodes.Count];
        foreach (Node node in graph.Nodes)
        {
            if (node == changed || node.Inputs.Any(n => moved[n.Index] is not null))
            {
                moved[node.Index] = Evaluate(node, [.. node.Inputs.Select(n => moved[n.Index] ?? _values[n.Index])], _training);
            }
        }

        return MeanLoss(moved[graph.Output.Index] ?? ValuesOf(graph.Output), labels, smoothing);
    }

    /// <summary>The outputs of the last <see cref="Forward"/>, had a node had other values.</summary>
    public double[] OutputsWith(Node changed, double[] values)
    {
        double[]?[] moved = new double[]?[graph.Nodes.Count];
        moved[changed.Index] = values;
        foreach (Node node in graph.Nodes.Skip(changed.Index + 1).Where(n => n.Inputs.Any(i => moved[i.Index] is not null)))
        {
            moved[node.Index] = Evaluate(node, [.. node.Inputs.Select(n => moved[n.Index] ?? _values[n.Index])], _training);
        }

        return moved[graph.Output.Index] ?? ValuesOf(graph.Output);
    }

    /// <summary>The mean over the batch of cross-entropy against smoothed labels.</summary>
    public double MeanLoss(double[] logits, int[] labels, double smoothing)
    {
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

    private double[] Evaluate(Node node, double[][] x, bool training) => node.Operator switch
    {
        ConvolutionOperator op => Convolution(node, op, x[0]),
        LinearOperator op => Linear(node, op, x[0]),
        BatchNormOperator op => BatchNorm(node, op, x[0], training),
        ReluOperator op => [.. x[0].Select(v => Math.Min(Math.Max(v, 0), op.Max))],
        MaxPoolOperator op => Pool(node, op.Window, x[0], true),
        AveragePoolOperator op => Pool(node, op.Window, x[0], false),
        AdaptiveAveragePoolOperator => AdaptivePool(node, x[0]),
        LocalResponseNormOperator op => LocalResponseNorm(node, op, x[0]),
        DropoutOperator or FlattenOperator => x[0],
        AddOperator => [.. x[0].Zip(x[1], (a, b) => a + b)],
        ConcatOperator => Concat(node, x),
        PadChannelsOperator op => PadChannels(node, op, x[0]),
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
        Shape o = node.Shape;
        double[] w = Parameters[node.Parameters[0].Name];
        double[]? b = node.Parameters.Count > 1 ? Parameters[node.Parameters[1].Name] : null;
        int groupInputs = s.Channels / op.Groups;
        int groupOutputs = op.OutputChannels / op.Groups;
        int taps = op.KernelHeight * op.KernelWidth;
        double[] y = Each(o, (_, _, _, c) => b?[c] ?? 0);
        for (int position = 0; position < batch * o.Pixels; position++)
        {
            for (int tap = 0; tap < taps; tap++)
            {
                int iy = (position / o.Width % o.Height * op.StrideY) - op.PaddingTop + (tap / op.KernelWidth);
                int ix = (position % o.Width * op.StrideX) - op.PaddingLeft + (tap % op.KernelWidth);
                if (iy < 0 || iy >= s.Height || ix < 0 || ix >= s.Width)
                {
                    continue;
                }

                for (int c = 0; c < o.Channels; c++)
                {
                    int first = At(s, position / o.Pixels, iy, ix, c / groupOutputs * groupInputs);
                    double sum = 0;
                    for (int i = 0; i < groupInputs; i++)
                    {
                        sum += x[first + i] * w[(((c * groupInputs) + i) * taps) + tap];
                    }

                    y[(position * o.Channels) + c] += sum;
                }
            }
        }

        return y;
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
            (mean, variance) = BatchStatistics(x, s.Channels);
        }

        return Each(s, (n, y, xx, c) => ((x[At(s, n, y, xx, c)] - mean[c]) / Math.Sqrt(variance[c] + op.Epsilon) * scale[c]) + shift[c]);
    }

    /// <summary>Mean and biased variance of each channel.</summary>
    public static (double[] Mean, double[] Variance) BatchStatistics(double[] x, int channels)
    {
        double[] mean = new double[channels];
        double[] variance = new double[channels];
        int rows = x.Length / channels;
        for (int i = 0; i < x.Length; i++)
        {
            mean[i % channels] += x[i] / rows;
        }

        for (int i = 0; i < x.Length; i++)
        {
            double delta = x[i] - mean[i % channels];
            variance[i % channels] += delta * delta / rows;
        }

        return (mean, variance);
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
                sum += x[At(s, n, y, xx, j)] * x[At(s, n, y, xx, j)];
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

    private double[] PadChannels(Node node, PadChannelsOperator op, double[] x)
    {
        Shape s = node.Inputs[0].Shape;
        return Each(node.Shape, (n, y, xx, c) => c >= op.Before && c < op.Before + s.Channels ? x[At(s, n, y, xx, c - op.Before)] : 0);
    }

    private double[] Scale(Node node, double[] x, double[] factors) =>
        Each(node.Shape, (n, y, xx, c) => x[At(node.Shape, n, y, xx, c)] * factors[(n * node.Shape.Channels) + c]);
}
