using MLClassify.Common;
using MLClassify.Engines;
using MLClassify.Graphs;

namespace MLClassify.Testing.Engines;

/// <summary>Small networks and what tests do with them.</summary>
internal static class TestNetworks
{
    /// <summary>Convolution, normalization, pooling, a residual block with a shortcut, dropout, a linear head; the features are the pooled map.</summary>
    public static Graph Residual(float dropout = 0)
    {
        var b = GraphBuilder.For("residual", new Shape(13, 11, 3));
        Node x = b.Relu(b.BatchNorm(b.Convolution(b.Input, "stem", 20, 5, 2, 2, bias: false), "stem_norm"), "stem_relu");
        x = b.MaxPool(x, "pool", 3, 2, 1);
        Node y = b.Relu(b.BatchNorm(b.Convolution(x, "block.conv1", 20, 3, 1, 1, bias: false), "block.bn1"), "block.relu1");
        y = b.BatchNorm(b.Convolution(y, "block.conv2", 36, 3, 1, 1, bias: false), "block.bn2");
        Node shortcut = b.BatchNorm(b.Convolution(x, "block.down", 36, 1, bias: false), "block.bn3");
        x = b.Relu(b.Add(y, shortcut, "block.sum"), "block.relu2");
        Node features = b.GlobalAveragePool(x, "gap");
        Node head = dropout > 0 ? b.Dropout(features, "dropout", dropout) : features;
        return b.Build(b.Linear(head, "fc", 5), features);
    }

    /// <summary>All trainable parameters of a graph as one group.</summary>
    public static ParameterGroup AllParameters(Graph graph, double learningRate = 0.05, double weightDecay = 0) =>
        new("all", [.. graph.Parameters.Where(p => p.IsTrainable)], learningRate, weightDecay);

    /// <summary>A parameter's gradient after a batch, in the outside world's order.</summary>
    public static float[] Gradient(ITrainingSession session, Parameter parameter)
    {
        float[] values = new float[parameter.Count];
        session.ExportGradient(parameter.Name, values);
        return values;
    }

    /// <summary>Sets seeded values; running statistics that are not those of a fresh network.</summary>
    public static void Initialize(ParameterStore parameters)
    {
        parameters.Initialize(21);
        foreach (Parameter parameter in parameters.Parameters.Where(p => !p.IsTrainable))
        {
            var random = new CounterRandom(22, parameter.Name);
            float[] values = new float[parameter.Count];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (float)random.NextDouble() + (parameter.Role == ParameterRole.RunningVariance ? 0.5f : -0.5f);
            }

            parameters.Import(parameter.Name, values);
        }
    }

    /// <summary>Seeded samples.</summary>
    public static void Fill(Span<float> input, ulong seed)
    {
        var random = CounterRandom.FromCounter(seed);
        foreach (ref float value in input)
        {
            value = (float)random.NextGaussian();
        }
    }

    public static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i]), $"{what}[{i}]: {expected[i]:R} against {actual[i]:R}");
        }
    }

    public static void AssertSameBits(Dictionary<string, float[]> expected, Dictionary<string, float[]> actual)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        foreach ((string name, float[] values) in expected)
        {
            AssertSameBits(values, actual[name], name);
        }
    }

    public static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"[{i}]: {expected[i]:R} against {actual[i]:R}");
        }
    }
}
