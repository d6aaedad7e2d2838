using MLClassify.Common;
using MLClassify.Engines.Cpu.Devices;
using MLClassify.Engines.Cpu.Parameters;
using MLClassify.Engines.Cpu.Sessions;
using MLClassify.Engines.Cpu.Tests.Planning;
using MLClassify.Graphs;
using MLClassify.Testing.Engines;

namespace MLClassify.Engines.Cpu.Tests.Sessions;

public sealed class ActivationGradientSessionTests : IDisposable
{
    // As in GradientCheck: sums rounded to 2^-24 through a handful of operators.
    private const double Tolerance = 2e-5;

    // Differences to one side err by h f''/2 and by rounding 1e-16 / h.
    private const double Step = 1e-6;

    private static readonly Dictionary<string, Func<Graph>> Networks = new()
    {
        ["residual"] = () => TestNetworks.Residual(dropout: 0.4f),
        ["dense"] = () => Build((b, x) =>
        {
            Node wide = x;
            for (int i = 0; i < 3; i++)
            {
                Node y = b.Relu(b.BatchNorm(wide, $"norm{i}"), $"relu{i}");
                wide = b.Concat([wide, b.Convolution(y, $"conv{i}", 7, 3, 1, 1, bias: false)], $"concat{i}");
            }

            return b.Linear(b.GlobalAveragePool(b.Relu(b.BatchNorm(wide, "last_norm"), "last_relu"), "pool"), "fc", 4);
        }),
        ["flattened head"] = () => Build((b, x) =>
        {
            x = b.MaxPool(b.LocalResponseNorm(b.Relu(x, "relu"), "norm", 3, 1, 0.2f), "pool", 3, 2);
            x = b.AdaptiveAveragePool(x, "adaptive", 2, 3);
            x = b.Relu(b.Linear(b.Dropout(x, "dropout1"), "fc1", 17), "relu1");
            return b.Linear(b.Dropout(x, "dropout2"), "fc2", 4);
        }),
        ["convolution head"] = () => Build((b, x) =>
        {
            Node squeezed = b.Relu(b.Convolution(x, "squeeze", 5, 1), "squeeze_relu");
            Node left = b.Relu(b.Convolution(squeezed, "left", 8, 1), "left_relu");
            x = b.Concat([left, b.Relu(b.Convolution(squeezed, "right", 8, 3, 1, 1), "right_relu")], "fire");
            x = b.Relu(b.Convolution(b.Dropout(x, "dropout"), "head", 4, 1), "head_relu");
            return b.GlobalAveragePool(x, "pool");
        }),
        ["squeeze and excitation"] = () => Build((b, x) =>
        {
            Node gate = b.Sigmoid(b.Linear(b.GlobalAveragePool(x, "squeeze"), "excite", 9), "gate");
            Node sum = b.Relu(b.Add(b.Scale(x, gate, "scaled"), x, "sum"), "relu", 6);
            return b.Linear(b.GlobalAveragePool(sum, "pool"), "fc", 4);
        }),
        ["depthwise"] = () => Build((b, x) =>
        {
            Node y = b.Relu(b.BatchNorm(b.Convolution(x, "depthwise", 9, 3, 2, 1, groups: 9, bias: false), "norm"), "relu6", 6);
            return b.Linear(b.GlobalAveragePool(b.BatchNorm(b.Convolution(y, "project", 12, 1, bias: false), "norm2"), "pool"), "fc", 4);
        }),
    };

    private readonly CpuDevice _device = CpuDevice.Create(1);

    public static TheoryData<string> Names => [.. Networks.Keys];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 40)];

    public void Dispose() => _device.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Backward_EveryNode_MatchesDifferences(string network) => CheckEveryNode(Networks[network]());

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Backward_RandomGraph_MatchesDifferences(int seed) => CheckEveryNode(RandomGraphTests.Build(seed));

    [Fact]
    public void Backward_AgainAfterAnotherForward_SameBits()
    {
        Graph graph = TestNetworks.Residual(dropout: 0.4f);
        using CpuParameterStore parameters = CpuNetworks.Parameters(graph, _device);
        Dictionary<string, float[]> before = parameters.Values.ToDictionary(v => v.Parameter.Name, v => v.Tensor.Span.ToArray());
        using var session = new ActivationGradientSession(graph, parameters, FeatureMap.LastOf(graph));
        var runs = new List<(float[] Logits, float[] Activations, float[] Gradient)>();
        for (int run = 0; run < 2; run++)
        {
            TestNetworks.Fill(session.Input, 3);
            float[] logits = session.Run().ToArray();
            session.Backward(2);
            runs.Add((logits, session.Activations(), session.Gradient()));
            TestNetworks.Fill(session.Input, 4);
            session.Run();
            session.Backward(0);
        }

        TestNetworks.AssertSameBits(runs[0].Logits, runs[1].Logits, "logits");
        TestNetworks.AssertSameBits(runs[0].Activations, runs[1].Activations, "activations");
        TestNetworks.AssertSameBits(runs[0].Gradient, runs[1].Gradient, "gradient");
        TestNetworks.AssertSameBits(before, parameters.Values.ToDictionary(v => v.Parameter.Name, v => v.Tensor.Span.ToArray()));
    }

    [Fact]
    public void Forward_Residual_GivesWhatInferenceGives()
    {
        Graph graph = TestNetworks.Residual(dropout: 0.4f);
        using CpuParameterStore parameters = CpuNetworks.Parameters(graph, _device);
        using var session = new ActivationGradientSession(graph, parameters, graph.Features);
        using var inference = new InferenceSession(graph, parameters, 1);
        TestNetworks.Fill(session.Input, 3);
        session.Input.CopyTo(inference.Input);

        // Folding the normalization into filters rounds each once more.
        TestNetworks.AssertClose(inference.Run(1), session.Run(), 1e-5);
    }

    [Fact]
    public void Session_CalledInAnotherOrder_SaysSo()
    {
        Graph graph = TestNetworks.Residual();
        using CpuParameterStore parameters = CpuNetworks.Parameters(graph, _device);
        using var session = new ActivationGradientSession(graph, parameters, graph.Features);

        Assert.Throws<InvalidOperationException>(session.Activations);
        Assert.Throws<InvalidOperationException>(() => session.Backward(0));
        session.Run();
        Assert.Throws<InvalidOperationException>(session.Gradient);
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Backward(5));
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Backward(-1));
        session.Backward(4);
        Assert.Equal(36, session.Gradient().Length);
        Assert.Throws<InvalidOperationException>(() => session.Backward(4));
    }

    [Fact]
    public void Session_NodeOfAnotherGraph_Throws()
    {
        Graph graph = TestNetworks.Residual();
        using CpuParameterStore parameters = CpuNetworks.Parameters(graph, _device);

        Assert.Throws<ArgumentException>(() => new ActivationGradientSession(graph, parameters, TestNetworks.Residual().Features));
    }

    private static Graph Build(Func<GraphBuilder, Node, Node> network)
    {
        var b = GraphBuilder.For("tested", new Shape(7, 9, 3));
        return b.Build(network(b, b.Convolution(b.Input, "first", 9, 3, 1, 1)));
    }

    private void CheckEveryNode(Graph graph)
    {
        using CpuParameterStore parameters = CpuNetworks.Parameters(graph, _device);
        var reference = new DoubleReference(
            graph, graph.Parameters.ToDictionary(p => p.Name, p => parameters.Export(p.Name).Select(v => (double)v).ToArray(), StringComparer.Ordinal), batch: 1);
        float[] input = new float[graph.Input.Shape.Count];
        TestNetworks.Fill(input, 9);
        double[] logits = reference.Forward([.. input.Select(v => (double)v)], training: false);
        foreach (Node node in graph.Nodes)
        {
            using var session = new ActivationGradientSession(graph, parameters, node);
            input.CopyTo(session.Input);
            AssertClose(logits, session.Run(), "logits");
            int output = node.Index % graph.Output.Shape.Channels;
            session.Backward(output);
            double[] values = reference.ValuesOf(node);
            AssertClose(values, session.Activations(), $"{node}");
            float[] gradient = session.Gradient();
            double scale = Math.Max(1e-2, gradient.Max(Math.Abs));
            var random = new CounterRandom(1, node.Name);
            for (int probe = 0; probe < 6; probe++)
            {
                int place = (int)(random.NextUInt64() % (ulong)values.Length);

                // A rectified zero lies on the next rectifier's or pooling's kink: the gradient is then one side's.
                double up = (Moved(Step) - logits[output]) / Step;
                double down = (logits[output] - Moved(-Step)) / Step;
                double tolerance = Tolerance * scale;
                Assert.True(
                    gradient[place] >= Math.Min(up, down) - tolerance && gradient[place] <= Math.Max(up, down) + tolerance,
                    $"{node}[{place}]: expected {down} to {up}, got {gradient[place]}, scale {scale}");

                double Moved(double distance)
                {
                    double[] moved = [.. values];
                    moved[place] += distance;
                    return reference.OutputsWith(node, moved)[output];
                }
            }
        }
    }

    private static void AssertClose(double[] expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = Math.Max(1, expected.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= Tolerance * scale, $"{what}[{i}]: expected {expected[i]}, got {actual[i]}");
        }
    }
}
