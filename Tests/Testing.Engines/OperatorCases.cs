using MLClassify.Graphs;

namespace MLClassify.Testing.Engines;

/// <summary>A small network around an operator, and how it is trained.</summary>
/// <param name="Graph">The network.</param>
/// <param name="Smoothing">The share of the target spread over all classes.</param>
/// <param name="FreezeStatistics">Whether batch normalization uses its running statistics.</param>
internal sealed record OperatorCase(Graph Graph, float Smoothing = 0, bool FreezeStatistics = false);

/// <summary>
/// Every operator inside a small network whose first layer is trained, so that gradients must pass through it; shapes are ragged so that
/// no side is a multiple of a vector or a tile.
/// </summary>
internal static class OperatorCases
{
    private const int Classes = 3;

    // Inputs, outputs, kernel, stride, padding, groups.
    private static readonly int[][] Convolutions =
    [
        [3, 5, 3, 1, 1, 1], [3, 66, 3, 2, 1, 1], [20, 70, 1, 1, 0, 1], [20, 33, 1, 2, 0, 1], [17, 19, 3, 2, 1, 1], [6, 12, 5, 3, 2, 2], [33, 33, 3, 1, 1, 33],
        [18, 18, 3, 2, 1, 18], [8, 16, 3, 1, 2, 8], [70, 140, 1, 1, 0, 1], [9, 130, 2, 1, 0, 1], [4, 7, 7, 4, 3, 1], [12, 6, 3, 1, 1, 6],
    ];

    private static readonly Dictionary<string, Func<OperatorCase>> Cases = Create();

    /// <summary>The cases' names.</summary>
    public static IEnumerable<string> Names => Cases.Keys;

    /// <summary>A case by name.</summary>
    public static OperatorCase Get(string name) => Cases[name]();

    private static Dictionary<string, Func<OperatorCase>> Create()
    {
        var cases = new Dictionary<string, Func<OperatorCase>>(StringComparer.Ordinal);
        void Add(string name, Shape input, int channels, Func<GraphBuilder, Node, Node> tested, float smoothing = 0, bool freezeStatistics = false) =>
            cases.Add(name, () => new OperatorCase(Around(input, channels, tested), smoothing, freezeStatistics));

        foreach (int[] s in Convolutions)
        {
            Add($"convolution {string.Join(' ', s)}", new Shape(9, 7, 4), s[0], (b, x) => b.Convolution(x, "tested", s[1], s[2], s[3], s[4], s[5]));
        }

        Add("linear of a flattened map", new Shape(3, 5, 4), 7, (b, x) => b.Linear(b.Relu(x, "relu"), "tested", 37));
        Add("batch norm", new Shape(5, 7, 4), 83, (b, x) => b.BatchNorm(x, "tested"));
        Add("batch norm, frozen statistics", new Shape(5, 7, 4), 37, (b, x) => b.Relu(b.BatchNorm(x, "tested"), "relu"), freezeStatistics: true);
        Add("relu", new Shape(5, 7, 4), 19, (b, x) => b.Relu(x, "tested"));
        Add("relu, clipped", new Shape(5, 7, 4), 19, (b, x) => b.Relu(x, "tested", 0.4f));
        Add("max pool, overlapping and padded", new Shape(9, 8, 4), 21, (b, x) => b.MaxPool(x, "tested", 3, 2, 1));
        Add("max pool, ceil mode", new Shape(8, 10, 4), 5, (b, x) => b.MaxPool(x, "tested", 3, 2, 0, true));
        Add("average pool", new Shape(9, 8, 4), 21, (b, x) => b.AveragePool(x, "tested", 3, 2, 1));
        Add("adaptive average pool, down", new Shape(9, 8, 4), 21, (b, x) => b.AdaptiveAveragePool(x, "tested", 4, 3));
        Add("adaptive average pool, up", new Shape(3, 2, 4), 5, (b, x) => b.AdaptiveAveragePool(x, "tested", 6, 5));
        Add("local response norm, size 5", new Shape(4, 5, 4), 11, (b, x) => b.LocalResponseNorm(x, "tested", 5, 2, 0.05f, 0.75f));
        Add("local response norm, size 3", new Shape(4, 5, 4), 11, (b, x) => b.LocalResponseNorm(x, "tested", 3, 1, 0.2f, 0.5f));
        Add("add of a branch", new Shape(5, 4, 4), 18, (b, x) => b.Relu(b.Add(b.Convolution(x, "branch", 18, 3, 1, 1), x, "tested"), "after"));
        Add("add of itself", new Shape(5, 4, 4), 18, (b, x) => b.Add(x, x, "tested"));
        Add("add of its relu", new Shape(5, 4, 4), 18, (b, x) => b.Add(x, b.Relu(x, "inner"), "tested"));
        Add("add, nested", new Shape(5, 4, 4), 18, (b, x) =>
        {
            Node sum = b.Add(x, b.Sigmoid(x, "inner"), "tested");
            return b.Add(b.Convolution(sum, "branch", 18, 1), b.Add(sum, x, "again"), "outer");
        });
        Add("concat", new Shape(5, 4, 4), 18, (b, x) => b.Concat([b.Convolution(x, "branch", 5, 3, 1, 1), x, b.Relu(x, "other")], "tested"));
        Add("pad channels", new Shape(5, 7, 4), 19, (b, x) => b.PadChannels(x, "tested", 3, 18));
        Add("pad channels in a shortcut", new Shape(5, 7, 4), 10, (b, x) =>
            b.Add(b.PadChannels(b.AveragePool(x, "pixels", 1, 2), "tested", 5, 5), b.Convolution(x, "branch", 20, 3, 2, 1), "sum"));
        Add("sigmoid", new Shape(5, 4, 4), 18, (b, x) => b.Sigmoid(x, "tested"));
        Add("scale, squeeze and excitation", new Shape(5, 4, 4), 19, (b, x) =>
        {
            Node squeeze = b.Linear(b.GlobalAveragePool(x, "pool"), "squeeze", 4);
            Node excite = b.Sigmoid(b.Linear(b.Relu(squeeze, "relu"), "excite", 19), "gate");
            return b.Scale(x, excite, "tested");
        });
        Add("dropout of nothing", new Shape(5, 4, 4), 18, (b, x) => b.Dropout(x, "tested", 0));
        Add("cross-entropy with smoothed labels", new Shape(3, 3, 4), 6, (_, x) => x, smoothing: 0.2f);
        Add("residual block with batch norm", new Shape(8, 6, 4), 18, (b, x) =>
        {
            Node y = b.Relu(b.BatchNorm(b.Convolution(x, "conv1", 22, 3, 2, 1, bias: false), "bn1"), "relu1");
            y = b.BatchNorm(b.Convolution(y, "conv2", 35, 3, 1, 1, bias: false), "bn2");
            Node shortcut = b.BatchNorm(b.Convolution(x, "down", 35, 1, 2, bias: false), "bn3");
            return b.Relu(b.Add(y, shortcut, "sum"), "relu2");
        });
        return cases;
    }

    private static Graph Around(Shape input, int channels, Func<GraphBuilder, Node, Node> tested)
    {
        var builder = GraphBuilder.For("checked", input);
        Node x = builder.Convolution(builder.Input, "first", channels, 1);
        Node y = tested(builder, x);
        return builder.Build(builder.Linear(builder.GlobalAveragePool(y, "pool"), "last", Classes));
    }
}
