using MLClassify.Kernels.Simd;
using MLClassify.Kernels.Tests.Support;

namespace MLClassify.Graphs.Tests.Operators;

/// <summary>
/// Every operator inside a small network whose first layer is trained, so that gradients must pass through it; shapes are ragged so that
/// no side is a multiple of a vector or a tile.
/// </summary>
public class OperatorGradientTests
{
    private const int Classes = 3;

    /// <summary>Inputs, outputs, kernel, stride, padding, groups.</summary>
    public static IEnumerable<string> Convolutions { get; } =
    [
        "3 5 3 1 1 1", "3 66 3 2 1 1", "20 70 1 1 0 1", "20 33 1 2 0 1", "17 19 3 2 1 1", "6 12 5 3 2 2", "33 33 3 1 1 33", "18 18 3 2 1 18",
        "8 16 3 1 2 8", "70 140 1 1 0 1", "9 130 2 1 0 1", "4 7 7 4 3 1", "12 6 3 1 1 6",
    ];

    [Theory]
    [LevelData(SimdLevel.Scalar, nameof(Convolutions))]
    [LevelData(SimdLevel.Vector128, nameof(Convolutions))]
    [LevelData(SimdLevel.Vector256, nameof(Convolutions))]
    [LevelData(SimdLevel.Vector512, nameof(Convolutions))]
    public void Convolution_RaggedShapes_MatchesCentralDifferences(SimdLevel level, string sizes)
    {
        int[] s = [.. sizes.Split(' ').Select(int.Parse)];
        Check(level, new Shape(9, 7, 4), s[0], (b, x) => b.Convolution(x, "tested", s[1], s[2], s[3], s[4], s[5]));
    }

    [Theory]
    [LevelData(SimdLevel.Scalar)]
    [LevelData(SimdLevel.Vector128)]
    [LevelData(SimdLevel.Vector256)]
    [LevelData(SimdLevel.Vector512)]
    public void Linear_FlattenedMap_MatchesCentralDifferences(SimdLevel level) =>
        Check(level, new Shape(3, 5, 4), 7, (b, x) => b.Linear(b.Relu(x, "relu"), "tested", 37));

    [Theory]
    [LevelData(SimdLevel.Scalar)]
    [LevelData(SimdLevel.Vector128)]
    [LevelData(SimdLevel.Vector256)]
    [LevelData(SimdLevel.Vector512)]
    public void BatchNorm_MatchesCentralDifferences(SimdLevel level) => Check(level, new Shape(5, 7, 4), 83, (b, x) => b.BatchNorm(x, "tested"));

    [Theory]
    [LevelData(SimdLevel.Scalar)]
    [LevelData(SimdLevel.Vector128)]
    [LevelData(SimdLevel.Vector256)]
    [LevelData(SimdLevel.Vector512)]
    public void Relu_MatchesCentralDifferences(SimdLevel level) => Check(level, new Shape(5, 7, 4), 19, (b, x) => b.Relu(x, "tested"));

    [Theory]
    [LevelData(SimdLevel.Scalar)]
    [LevelData(SimdLevel.Vector128)]
    [LevelData(SimdLevel.Vector256)]
    [LevelData(SimdLevel.Vector512)]
    public void ClippedRelu_MatchesCentralDifferences(SimdLevel level) => Check(level, new Shape(5, 7, 4), 19, (b, x) => b.Relu(x, "tested", 0.4f));

    [Theory]
    [LevelData(SimdLevel.Scalar)]
    [LevelData(SimdLevel.Vector128)]
    [LevelData(SimdLevel.Vector256)]
    [LevelData(SimdLevel.Vector512)]
    public void MaxPool_OverlappingPadded_MatchesCentralDifferences(SimdLevel level) => Check(level, new Shape(9, 8, 4), 21, (b, x) => b.MaxPool(x, "tested", 3, 2, 1));

    [Theory]
    [LevelData(SimdLevel.Scalar)]
    [LevelData(SimdLevel.Vector128)]
    [LevelData(SimdLevel.Vector256)]
    [LevelData(SimdLevel.Vector512)]
    public void MaxPool_CeilMode_MatchesCentralDifferences(SimdLevel level) => Check(level, new Shape(8, 10, 4), 5, (b, x) => b.MaxPool(x, "tested", 3, 2, 0, true));

    [Theory]
    [LevelData(SimdLevel.Scalar)]
    [LevelData(SimdLevel.Vector128)]
    [LevelData(SimdLevel.Vector256)]
    [LevelData(SimdLevel.Vector512)]
    public void AveragePool_MatchesCentralDifferences(SimdLevel level) => Check(level, new Shape(9, 8, 4), 21, (b, x) => b.AveragePool(x, "tested", 3, 2, 1));

    [Theory]
    [LevelData(SimdLevel.Scalar)]
    [LevelData(SimdLevel.Vector128)]
    [LevelData(SimdLevel.Vector256)]
    [LevelData(SimdLevel.Vector512)]
    public void AdaptiveAveragePool_BothDirections_MatchesCentralDifferences(SimdLevel level)
    {
        Check(level, new Shape(9, 8, 4), 21, (b, x) => b.AdaptiveAveragePool(x, "tested", 4, 3));
        Check(level, new Shape(3, 2, 4), 5, (b, x) => b.AdaptiveAveragePool(x, "tested", 6, 5));
    }

    [Theory]
    [LevelData(SimdLevel.Scalar)]
    [LevelData(SimdLevel.Vector128)]
    [LevelData(SimdLevel.Vector256)]
    [LevelData(SimdLevel.Vector512)]
    public void LocalResponseNorm_MatchesCentralDifferences(SimdLevel level)
    {
        Check(level, new Shape(4, 5, 4), 11, (b, x) => b.LocalResponseNorm(x, "tested", 5, 2, 0.05f, 0.75f));
        Check(level, new Shape(4, 5, 4), 11, (b, x) => b.LocalResponseNorm(x, "tested", 3, 1, 0.2f, 0.5f));
    }

    [Theory]
    [LevelData(SimdLevel.Scalar)]
    [LevelData(SimdLevel.Vector128)]
    [LevelData(SimdLevel.Vector256)]
    [LevelData(SimdLevel.Vector512)]
    public void Add_SharedInput_MatchesCentralDifferences(SimdLevel level)
    {
        Check(level, new Shape(5, 4, 4), 18, (b, x) => b.Relu(b.Add(b.Convolution(x, "branch", 18, 3, 1, 1), x, "tested"), "after"));
        Check(level, new Shape(5, 4, 4), 18, (b, x) => b.Add(x, x, "tested"));
        Check(level, new Shape(5, 4, 4), 18, (b, x) => b.Add(x, b.Relu(x, "inner"), "tested"));
        Check(level, new Shape(5, 4, 4), 18, (b, x) =>
        {
            Node sum = b.Add(x, b.Sigmoid(x, "inner"), "tested");
            return b.Add(b.Convolution(sum, "branch", 18, 1), b.Add(sum, x, "again"), "outer");
        });
    }

    [Theory]
    [LevelData(SimdLevel.Scalar)]
    [LevelData(SimdLevel.Vector128)]
    [LevelData(SimdLevel.Vector256)]
    [LevelData(SimdLevel.Vector512)]
    public void Concat_SharedInput_MatchesCentralDifferences(SimdLevel level) =>
        Check(level, new Shape(5, 4, 4), 18, (b, x) => b.Concat([b.Convolution(x, "branch", 5, 3, 1, 1), x, b.Relu(x, "other")], "tested"));

    [Theory]
    [LevelData(SimdLevel.Scalar)]
    [LevelData(SimdLevel.Vector128)]
    [LevelData(SimdLevel.Vector256)]
    [LevelData(SimdLevel.Vector512)]
    public void PadChannels_SharedInput_MatchesCentralDifferences(SimdLevel level)
    {
        Check(level, new Shape(5, 7, 4), 19, (b, x) => b.PadChannels(x, "tested", 3, 18));
        Check(level, new Shape(5, 7, 4), 10, (b, x) =>
            b.Add(b.PadChannels(b.AveragePool(x, "pixels", 1, 2), "tested", 5, 5), b.Convolution(x, "branch", 20, 3, 2, 1), "sum"));
    }

    [Theory]
    [LevelData(SimdLevel.Scalar)]
    [LevelData(SimdLevel.Vector128)]
    [LevelData(SimdLevel.Vector256)]
    [LevelData(SimdLevel.Vector512)]
    public void Sigmoid_MatchesCentralDifferences(SimdLevel level) => Check(level, new Shape(5, 4, 4), 18, (b, x) => b.Sigmoid(x, "tested"));

    [Theory]
    [LevelData(SimdLevel.Scalar)]
    [LevelData(SimdLevel.Vector128)]
    [LevelData(SimdLevel.Vector256)]
    [LevelData(SimdLevel.Vector512)]
    public void Scale_SqueezeAndExcitation_MatchesCentralDifferences(SimdLevel level) => Check(level, new Shape(5, 4, 4), 19, (b, x) =>
    {
        Node squeeze = b.Linear(b.GlobalAveragePool(x, "pool"), "squeeze", 4);
        Node excite = b.Sigmoid(b.Linear(b.Relu(squeeze, "relu"), "excite", 19), "gate");
        return b.Scale(x, excite, "tested");
    });

    [Theory]
    [LevelData(SimdLevel.Scalar)]
    [LevelData(SimdLevel.Vector128)]
    [LevelData(SimdLevel.Vector256)]
    [LevelData(SimdLevel.Vector512)]
    public void SoftmaxCrossEntropy_SmoothedLabels_MatchesCentralDifferences(SimdLevel level) =>
        Check(level, new Shape(3, 3, 4), 6, (b, x) => x, smoothing: 0.2f);

    [Theory]
    [LevelData(SimdLevel.Scalar)]
    [LevelData(SimdLevel.Vector128)]
    [LevelData(SimdLevel.Vector256)]
    [LevelData(SimdLevel.Vector512)]
    public void ResidualBlock_WithBatchNorm_MatchesCentralDifferences(SimdLevel level) => Check(level, new Shape(8, 6, 4), 18, (b, x) =>
    {
        Node y = b.Relu(b.BatchNorm(b.Convolution(x, "conv1", 22, 3, 2, 1, bias: false), "bn1"), "relu1");
        y = b.BatchNorm(b.Convolution(y, "conv2", 35, 3, 1, 1, bias: false), "bn2");
        Node shortcut = b.BatchNorm(b.Convolution(x, "down", 35, 1, 2, bias: false), "bn3");
        return b.Relu(b.Add(y, shortcut, "sum"), "relu2");
    });

    [Theory]
    [LevelData(SimdLevel.Scalar)]
    [LevelData(SimdLevel.Vector128)]
    [LevelData(SimdLevel.Vector256)]
    [LevelData(SimdLevel.Vector512)]
    public void BatchNorm_FrozenStatistics_MatchesCentralDifferences(SimdLevel level) =>
        Check(level, new Shape(5, 7, 4), 37, (b, x) => b.Relu(b.BatchNorm(x, "tested"), "relu"), freezeStatistics: true);

    private static void Check(SimdLevel level, Shape input, int channels, Func<GraphBuilder, Node, Node> tested, float smoothing = 0, bool freezeStatistics = false)
    {
        var builder = GraphBuilder.For("checked", input);
        Node x = builder.Convolution(builder.Input, "first", channels, 1);
        Node y = tested(builder, x);
        Graph graph = builder.Build(builder.Linear(builder.GlobalAveragePool(y, "pool"), "last", Classes));
        GradientCheck.Run(graph, 3, level, smoothing: smoothing, freezeStatistics: freezeStatistics);
    }
}
