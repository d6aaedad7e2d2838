using MLClassify.Common;
using MLClassify.Graphs.Devices;
using MLClassify.Graphs.Sessions;
using MLClassify.Kernels;

namespace MLClassify.Graphs.Tests;

/// <summary>Small networks and what tests do with them.</summary>
internal static class TestNetworks
{
    /// <summary>Convolution, normalisation, pooling, a residual block with a shortcut, dropout, a linear head; the features are the pooled map.</summary>
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

    /// <summary>Parameters with seeded values; running statistics that are not those of a fresh network.</summary>
    public static ParameterSet Parameters(Graph graph, Device device)
    {
        var parameters = new ParameterSet(graph.Parameters, device);
        parameters.Initialize(21);
        foreach (Parameter parameter in graph.Parameters.Where(p => !p.IsTrainable))
        {
            var random = new CounterRandom(22, parameter.Name);
            float[] values = new float[parameter.Count];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (float)random.NextDouble() + (parameter.Role == ParameterRole.RunningVariance ? 0.5f : -0.5f);
            }

            parameters.Import(parameter.Name, values);
        }

        return parameters;
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

    /// <summary>Every trained parameter's gradient in the outside world's order.</summary>
    public static Dictionary<string, float[]> Gradients(TrainingSession session, Device device)
    {
        var result = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (TrainedParameter trained in session.Trained)
        {
            float[] values = new float[trained.Parameter.Count];
            device.Unpack(trained.Parameter, trained.Gradient.Span, values);
            result[trained.Parameter.Name] = values;
        }

        return result;
    }

    /// <summary>Plain gradient descent on every trained parameter.</summary>
    public static void Update(TrainingSession session, Device device)
    {
        foreach (TrainedParameter trained in session.Trained)
        {
            device.SgdStep(new SgdStep(0.05f, 0, 1e-3f, false), trained.Value.Span, trained.Gradient.Span, default);
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
