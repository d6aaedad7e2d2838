using MLClassify.Engines.Cpu.Devices;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Parameters;
using MLClassify.Engines.Cpu.Sessions;
using MLClassify.Engines.Cpu.Tests.Support;
using MLClassify.Graphs;
using MLClassify.Graphs.Operators;
using MLClassify.Testing.Engines;

namespace MLClassify.Engines.Cpu.Tests.Sessions;

/// <summary>
/// Concatenations whose parts are written in place, against sessions that copy every part: the same bits come out, forward and backward,
/// so nothing was written beside a slice, overwritten too early or added twice.
/// </summary>
public class ConcatenationTests
{
    private const int Batch = 3;

    // Channel counts that no vector divides; what surrounds the tested operator is computed before it.
    private static readonly Dictionary<string, Func<GraphBuilder, Node, Node>> Producers = new()
    {
        ["convolution 1x1"] = (b, x) => b.Convolution(x, "tested", 7, 1),
        ["convolution 3x3"] = (b, x) => b.Convolution(x, "tested", 21, 3, 1, 1),
        ["convolution 3x3 of whole vectors"] = (b, x) => b.Convolution(b.Convolution(x, "wide", 32, 1), "tested", 48, 3, 1, 1),
        ["convolution in groups"] = (b, x) => b.Convolution(b.Convolution(x, "wide", 6, 1), "tested", 10, 3, 1, 1, groups: 2),
        ["depthwise"] = (b, x) => b.Convolution(x, "tested", 5, 3, 1, 1, groups: 5),
        ["convolution and rectifier"] = (b, x) => b.Relu(b.Convolution(x, "conv", 19, 3, 1, 1), "tested"),
        ["convolution, norm and clipped rectifier"] = (b, x) => b.Relu(b.BatchNorm(b.Convolution(x, "conv", 19, 1, bias: false), "norm"), "tested", 1),
        ["norm"] = (b, x) => b.BatchNorm(x, "tested"),
        ["norm, sum and rectifier"] = (b, x) => b.Relu(b.Add(b.BatchNorm(b.Convolution(x, "conv", 5, 1), "norm"), x, "sum"), "tested"),
        ["rectifier"] = (b, x) => b.Relu(x, "tested"),
        ["sigmoid"] = (b, x) => b.Sigmoid(x, "tested"),
        ["dropout"] = (b, x) => b.Dropout(b.Convolution(x, "conv", 9, 1), "tested"),
        ["sum"] = (b, x) => b.Add(x, b.Convolution(x, "conv", 5, 1), "tested"),
        ["sum with itself"] = (b, x) => b.Add(x, x, "tested"),
        ["maximum"] = (b, x) => b.MaxPool(x, "tested", 3, 1, 1),
        ["mean"] = (b, x) => b.AveragePool(x, "tested", 3, 1, 1),
        ["adaptive mean"] = (b, x) => b.AdaptiveAveragePool(b.MaxPool(x, "pool", 2, 2), "tested", 6, 8),
        ["local response"] = (b, x) => b.LocalResponseNorm(x, "tested", 3, 1, 0.2f),
        ["scale"] = (b, x) => b.Scale(x, b.Sigmoid(b.GlobalAveragePool(x, "pool"), "gate"), "tested"),
        ["concatenation"] = (b, x) => b.Concat([b.Relu(x, "relu"), b.Convolution(x, "conv", 3, 1)], "tested"),
    };

    private static readonly Dictionary<string, Func<GraphBuilder, Node, Node>> Networks = new()
    {
        ["dense block, chained"] = (b, x) => DenseBlock(b, x, chained: true),
        ["dense block, flat"] = (b, x) => DenseBlock(b, x, chained: false),
        ["fire"] = (b, x) =>
        {
            Node squeezed = b.Relu(b.Convolution(x, "squeeze", 5, 1), "squeeze_relu");
            Node left = b.Relu(b.Convolution(squeezed, "left", 8, 1), "left_relu");
            return b.Concat([left, b.Relu(b.Convolution(squeezed, "right", 8, 3, 1, 1), "right_relu")], "concat");
        },
        ["the same twice"] = (b, x) =>
        {
            Node y = b.Convolution(x, "y", 6, 1);
            return b.Concat([y, b.Sigmoid(x, "other"), y], "concat");
        },
        ["in two, at other channels"] = (b, x) =>
        {
            Node y = b.Convolution(x, "y", 6, 1);
            Node first = b.Concat([y, x], "first");
            return b.Concat([b.Convolution(first, "z", 4, 1), y], "second");
        },
        ["the graph's input"] = (b, x) => b.Concat([b.Input, b.Convolution(x, "y", 6, 1), b.Input], "concat"),
        ["part read later"] = (b, x) =>
        {
            Node y = b.Convolution(x, "y", 6, 1);
            Node wide = b.Convolution(b.Concat([y, b.Relu(y, "relu")], "concat"), "wide", 6, 1);
            return b.Add(wide, b.Sigmoid(y, "late"), "sum");
        },
        ["rectifier on part and whole"] = (b, x) =>
        {
            Node concat = b.Concat([b.Convolution(x, "y", 6, 1), b.Convolution(x, "z", 7, 1)], "concat");
            return b.Add(b.Relu(concat, "relu"), b.BatchNorm(concat, "norm"), "sum");
        },
        ["overwritten concatenation"] = (b, x) =>
        {
            Node y = b.Convolution(x, "y", 6, 1);
            Node inner = b.Relu(b.Concat([y, b.Convolution(x, "z", 7, 1)], "inner"), "relu");
            return b.Convolution(b.Concat([inner, y], "outer"), "last_map", 5, 1);
        },
        ["sum of concatenations"] = (b, x) =>
        {
            Node y = b.Convolution(x, "y", 6, 1);
            Node z = b.Convolution(x, "z", 6, 1);
            Node sum = b.Add(b.Concat([y, z], "first"), b.Concat([z, y], "second"), "sum");
            return b.Concat([sum, b.Relu(sum, "relu")], "outer");
        },
        ["parts of other widths share a gradient"] = (b, x) =>
        {
            Node narrow = b.Relu(b.Convolution(x, "narrow", 3, 1), "narrow_relu");
            Node wide = b.Relu(b.Convolution(x, "wide", 6, 1), "wide_relu");
            Node otherWide = b.Sigmoid(wide, "wide_sigmoid");
            Node otherNarrow = b.Sigmoid(narrow, "narrow_sigmoid");
            return b.Add(b.Concat([narrow, wide], "first"), b.Concat([otherWide, otherNarrow], "second"), "sum");
        },
        ["flattened"] = (b, x) => b.Linear(b.Concat([b.Convolution(x, "y", 6, 1), b.Convolution(x, "z", 7, 1)], "concat"), "linear", 5),
        ["flattened part"] = (b, x) =>
        {
            Node y = b.Convolution(x, "y", 6, 1);
            Node map = b.GlobalAveragePool(b.Concat([y, x], "concat"), "mean");
            return b.Concat([b.Linear(y, "linear", 5), map], "vectors");
        },
        ["flattened maps concatenated"] = (b, x) =>
        {
            Node small = b.AdaptiveAveragePool(x, "small", 2, 2);
            Node vector = b.Relu(b.Linear(small, "linear", 3), "relu");
            return b.Concat([Flatten(b, small, "flat"), vector], "vectors");
        },
        ["sum of flattened maps concatenated"] = (b, x) =>
        {
            Node left = b.AdaptiveAveragePool(x, "left", 2, 2);
            Node right = b.AdaptiveAveragePool(b.Sigmoid(x, "sigmoid"), "right", 2, 2);
            Node sum = b.Add(Flatten(b, left, "left_flat"), Flatten(b, right, "right_flat"), "sum");
            return b.Concat([b.Linear(right, "linear", 3), sum], "vectors");
        },
        ["growing at the front, flat"] = (b, x) =>
        {
            List<Node> maps = [x];
            for (int i = 0; i < 3; i++)
            {
                string name = "layer" + i;
                Node input = maps.Count == 1 ? x : b.Concat([.. maps], name + ".concat");
                maps.Insert(0, b.Convolution(b.Relu(b.BatchNorm(input, name + ".norm"), name + ".relu"), name + ".conv", 4 + i, 3, 1, 1));
            }

            return b.Concat([.. maps], "concat");
        },
    };

    public static IEnumerable<string> ProducerNames => Producers.Keys;

    public static TheoryData<string> NetworkNames => [.. Networks.Keys];

    [Theory]
    [LevelData(SimdLevel.Scalar, nameof(ProducerNames))]
    [LevelData(SimdLevel.Vector128, nameof(ProducerNames))]
    [LevelData(SimdLevel.Vector256, nameof(ProducerNames))]
    [LevelData(SimdLevel.Vector512, nameof(ProducerNames))]
    internal void Session_ProducerBetweenOthers_SameBitsAsCopies(SimdLevel level, string name) => AssertSameAsCopies(level, b =>
    {
        Node x = b.Convolution(b.Input, "first", 5, 1);
        Node left = b.Convolution(x, "left", 3, 1);
        Node right = b.Convolution(x, "right", 4, 1);
        return b.Concat([left, Producers[name](b, x), right], "concat");
    });

    [Theory]
    [MemberData(nameof(NetworkNames))]
    public void Session_Network_SameBitsAsCopies(string name) =>
        AssertSameAsCopies(SimdSupport.Best, b => Networks[name](b, b.Convolution(b.Input, "first", 5, 1)));

    [Theory]
    [MemberData(nameof(NetworkNames))]
    public void Session_Network_MatchesCentralDifferences(string name)
    {
        Graph graph = Build(b => Networks[name](b, b.Convolution(b.Input, "first", 5, 1)));
        using var engine = new CpuEngine(2);
        GradientCheck.Run(engine, graph, 2);
        using CpuDevice device = CpuDevice.Create(2);
        CpuNetworks.CheckLogits(device, graph, 2);
    }

    [Theory]
    [MemberData(nameof(NetworkNames))]
    public void Session_OnlySomePartsTrained_SameBitsAsWholeNetwork(string name)
    {
        Graph graph = Build(b => Networks[name](b, b.Convolution(b.Input, "first", 5, 1)));
        using CpuDevice device = CpuDevice.Create(1);
        (_, Dictionary<string, float[]> whole) = Train(graph, device, Batch, copy: false, _ => true);
        foreach (string node in graph.Parameters.Select(p => p.Name[..p.Name.LastIndexOf('.')]).Distinct())
        {
            bool IsChosen(string parameter) => parameter.StartsWith(node + ".", StringComparison.Ordinal);
            (_, Dictionary<string, float[]> part) = Train(graph, device, Batch, copy: false, p => IsChosen(p.Name));
            TestNetworks.AssertSameBits(whole.Where(g => IsChosen(g.Key)).ToDictionary(), part);
        }
    }

    [Fact]
    public void Run_OutputIsAConcatenation_IsDense()
    {
        // 13 channels, which a shared storage would pad.
        var b = GraphBuilder.For("output", new Shape(6, 8, 4));
        Node x = b.Convolution(b.Input, "first", 5, 1);
        Graph graph = b.Build(b.Concat([b.Concat([x, b.Input], "inner"), b.Relu(b.Convolution(x, "y", 4, 1), "relu")], "outer"));
        using CpuDevice device = CpuDevice.Create(1);
        using CpuParameterStore parameters = CpuNetworks.Parameters(graph, device);
        using var copying = new InferenceSession(graph, parameters, Batch, copyConcatenated: true);
        using var sharing = new InferenceSession(graph, parameters, Batch);
        foreach (int batch in new[] { Batch, 2 })
        {
            TestNetworks.Fill(copying.Input, 5);
            TestNetworks.Fill(sharing.Input, 5);
            TestNetworks.AssertSameBits(copying.Run(batch), sharing.Run(batch), $"outputs of {batch}");
        }
    }

    [Fact]
    public void Step_DenseBlock_TakesLessMemoryThanCopies()
    {
        Graph graph = Build(b => DenseBlock(b, b.Convolution(b.Input, "first", 16, 1), chained: false, layers: 12));
        using CpuDevice device = CpuDevice.Create(1);
        using CpuParameterStore parameters = CpuNetworks.Parameters(graph, device);
        using var copying = new GradientSession(graph, parameters, new GradientSessionOptions { MaxBatch = Batch, CopyConcatenated = true });
        using var sharing = new GradientSession(graph, parameters, new GradientSessionOptions { MaxBatch = Batch });
        Assert.InRange(sharing.ActivationBytes / (double)copying.ActivationBytes, 0, 0.75);
    }

    private static Node Flatten(GraphBuilder b, Node map, string name) => b.Append(name, new FlattenOperator(), [map], []);

    private static Node DenseBlock(GraphBuilder b, Node x, bool chained, int layers = 3)
    {
        List<Node> maps = [x];
        for (int i = 0; i < layers; i++)
        {
            string name = "layer" + i;
            Node y = b.Relu(b.BatchNorm(x, name + ".norm1"), name + ".relu1");
            y = b.Convolution(y, name + ".conv1", 11, 1, bias: false);
            y = b.Relu(b.BatchNorm(y, name + ".norm2"), name + ".relu2");
            maps.Add(b.Convolution(y, name + ".conv2", 4 + i, 3, 1, 1, bias: false));
            x = b.Concat(chained ? [x, maps[^1]] : [.. maps], name + ".concat");
        }

        return b.Relu(b.BatchNorm(x, "norm5"), "relu5");
    }

    private static void AssertSameAsCopies(SimdLevel level, Func<GraphBuilder, Node> map)
    {
        Graph graph = Build(map);
        using CpuDevice device = CpuDevice.Create(2, level);
        foreach (int batch in new[] { Batch, 1 })
        {
            (float[] logits, Dictionary<string, float[]> gradients) = Train(graph, device, batch, copy: true, _ => true);
            (float[] sharedLogits, Dictionary<string, float[]> sharedGradients) = Train(graph, device, batch, copy: false, _ => true);
            TestNetworks.AssertSameBits(logits, sharedLogits, "logits");
            TestNetworks.AssertSameBits(gradients, sharedGradients);
        }

        using CpuParameterStore parameters = CpuNetworks.Parameters(graph, device);
        using var copying = new InferenceSession(graph, parameters, Batch, copyConcatenated: true);
        using var sharing = new InferenceSession(graph, parameters, Batch);
        TestNetworks.Fill(copying.Input, 5);
        TestNetworks.Fill(sharing.Input, 5);
        TestNetworks.AssertSameBits(copying.Run(Batch), sharing.Run(Batch), "outputs");
    }

    private static (float[] Logits, Dictionary<string, float[]> Gradients) Train(Graph graph, CpuDevice device, int batch, bool copy, Func<Parameter, bool> trainable)
    {
        using CpuParameterStore parameters = CpuNetworks.Parameters(graph, device);
        var options = new GradientSessionOptions { MaxBatch = Batch, Trainable = trainable, CopyConcatenated = copy };
        using var session = new GradientSession(graph, parameters, options);

        // Twice: what the first step leaves in the slices must not matter to the second.
        float[] logits = [];
        for (int step = 0; step < 2; step++)
        {
            TestNetworks.Fill(session.Input[..(batch * graph.Input.Shape.Count)], 5);
            session.Step(Enumerable.Range(0, batch).ToArray(), 0);
            logits = session.Logits[..(batch * 3)].ToArray();
        }

        return (logits, CpuNetworks.Gradients(session, device));
    }

    private static Graph Build(Func<GraphBuilder, Node> map)
    {
        var b = GraphBuilder.For("concatenation", new Shape(6, 8, 4));
        Node y = map(b);
        return b.Build(b.Linear(y.Shape.IsVector ? y : b.GlobalAveragePool(y, "gap"), "fc", 3));
    }
}
