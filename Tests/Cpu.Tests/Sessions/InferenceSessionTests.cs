using MLClassify.Engines.Cpu.Devices;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Parameters;
using MLClassify.Engines.Cpu.Sessions;
using MLClassify.Engines.Cpu.Tests.Support;
using MLClassify.Graphs;
using MLClassify.Testing.Engines;

namespace MLClassify.Engines.Cpu.Tests.Sessions;

public sealed class InferenceSessionTests : IDisposable
{
    private readonly CpuDevice _device = CpuDevice.Create(2);

    public void Dispose() => _device.Dispose();

    /// <summary>Networks whose nodes can be fused, and such as look so but must not be.</summary>
    public static TheoryData<string> Networks => ["residual", "convolution used twice", "sum of one", "norm alone", "norm and relu alone", "norm used twice", "relu on a map", "linear relu", "relu6 after sum", "two convolutions summed"];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Run_FusedNetwork_EqualsTrainingSessionOnRunningStatistics(string name)
    {
        Graph graph = Build(name);
        using CpuParameterStore parameters = CpuNetworks.Parameters(graph, _device);
        using var training = new GradientSession(graph, parameters, new GradientSessionOptions { MaxBatch = 3, FreezeBatchNormStatistics = true });
        using var inference = new InferenceSession(graph, parameters, 3);
        TestNetworks.Fill(training.Input, 5);
        training.Input.CopyTo(inference.Input);
        training.Step([0, 1, 2], 0);

        // Folding rounds each filter once more: 2^-24 of it, over some hundred terms and three layers.
        TestNetworks.AssertClose(training.Logits, inference.Run(3), 1e-5 * Math.Max(1, training.Logits.ToArray().Max(Math.Abs)));
    }

    [Fact]
    public void Run_OtherBatches_SameBitsAsSessionOfThatSize()
    {
        Graph graph = TestNetworks.Residual();
        using CpuParameterStore parameters = CpuNetworks.Parameters(graph, _device);
        using var session = new InferenceSession(graph, parameters, 5);
        int count = graph.Input.Shape.Count;
        foreach (int batch in new[] { 2, 5, 1, 4 })
        {
            using var exact = new InferenceSession(graph, parameters, batch);
            TestNetworks.Fill(session.Input[..(batch * count)], 5);
            TestNetworks.Fill(exact.Input, 5);
            TestNetworks.AssertSameBits(exact.Run(batch), session.Run(batch), $"outputs of {batch}");
        }
    }

    // Maps of 14 x 14 and 7 x 7 have too few tiles for Winograd's algorithm in small batches, enough in large ones.
    [Theory]
    [LevelData(SimdLevel.Scalar)]
    [LevelData(SimdLevel.Vector128)]
    [LevelData(SimdLevel.Vector256)]
    [LevelData(SimdLevel.Vector512)]
    internal void Run_EachSampleAlone_SameBitsAsInAnyBatch(SimdLevel level)
    {
        const int most = 17;
        var b = GraphBuilder.For("maps", new Shape(28, 28, 3));
        Node x = Norm(b.Convolution(b.Input, "first", 32, 3, 2, 1, bias: false), "first_norm");
        x = Norm(b.Convolution(x, "depthwise", 32, 3, 1, 1, groups: 32, bias: false), "depthwise_norm");
        x = Norm(b.Convolution(x, "large", 32, 3, 1, 1, bias: false), "large_norm");
        x = Norm(b.Convolution(x, "halved", 48, 3, 2, 1, bias: false), "halved_norm");
        x = Norm(b.Convolution(x, "small", 48, 3, 1, 1, bias: false), "small_norm");
        Graph graph = b.Build(b.Linear(b.GlobalAveragePool(x, "gap"), "fc", 5));
        using CpuDevice device = CpuDevice.Create(2, level);
        using CpuParameterStore parameters = CpuNetworks.Parameters(graph, device);
        float[] inputs = new float[most * graph.Input.Shape.Count];
        TestNetworks.Fill(inputs, 5);
        foreach (int maxBatch in new[] { 3, 4, 16, most })
        {
            // Parts of a batch, too.
            using var session = new InferenceSession(graph, parameters, maxBatch, copyConcatenated: false, cacheBytes: 1 << 18);
            float[] alone = new float[maxBatch * 5];
            for (int n = 0; n < maxBatch; n++)
            {
                session.Run(Samples(n, 1)).CopyTo(alone.AsSpan(n * 5));
            }

            for (int batch = 1; batch <= maxBatch; batch++)
            {
                TestNetworks.AssertSameBits(alone.AsSpan(0, batch * 5), session.Run(Samples(0, batch)), $"outputs of {batch} of {maxBatch}");
            }
        }

        Node Norm(Node convolution, string name) => b.Relu(b.BatchNorm(convolution, name), name + "_relu");
        ReadOnlySpan<float> Samples(int first, int count) => inputs.AsSpan(first * graph.Input.Shape.Count, count * graph.Input.Shape.Count);
    }

    [Fact]
    public void Run_Dropout_IsOff()
    {
        Graph with = TestNetworks.Residual(dropout: 0.5f);
        Graph without = TestNetworks.Residual();
        using CpuParameterStore parameters = CpuNetworks.Parameters(with, _device);
        using var a = new InferenceSession(with, parameters, 2);
        using var b = new InferenceSession(without, parameters, 2);
        TestNetworks.Fill(a.Input, 5);
        TestNetworks.Fill(b.Input, 5);
        TestNetworks.AssertSameBits(b.Run(2), a.Run(2), "outputs");
    }

    [Fact]
    public void Run_DropoutAtTheEnd_IsOff()
    {
        var builder = GraphBuilder.For("end", Shape.Vector(4));
        Graph graph = builder.Build(builder.Dropout(builder.Input, "dropout"));
        using CpuParameterStore parameters = CpuNetworks.Parameters(graph, _device);
        using var session = new InferenceSession(graph, parameters, 1);
        new float[] { 1, 2, 3, 4 }.CopyTo(session.Input);
        Assert.Equal([1, 2, 3, 4], session.Run(1).ToArray());
    }

    [Fact]
    public void Run_SteadyState_AllocatesNothing()
    {
        Graph graph = TestNetworks.Residual(dropout: 0.5f);
        using CpuParameterStore parameters = CpuNetworks.Parameters(graph, _device);
        using var session = new InferenceSession(graph, parameters, 4);
        TestNetworks.Fill(session.Input, 5);
        for (int i = 0; i < 4; i++)
        {
            session.Run(4 - (i % 2));
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 6; i++)
        {
            session.Run(4 - (i % 2));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Run_BatchOutOfRange_Throws()
    {
        Graph graph = TestNetworks.Residual();
        using CpuParameterStore parameters = CpuNetworks.Parameters(graph, _device);
        using var session = new InferenceSession(graph, parameters, 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Run(0).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Run(3).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => new InferenceSession(graph, parameters, 0));
    }

    [Fact]
    public void Run_TwoSessionsOnOneDevice_DoNotDisturbEachOther()
    {
        Graph graph = TestNetworks.Residual();
        using CpuParameterStore parameters = CpuNetworks.Parameters(graph, _device);
        using var first = new InferenceSession(graph, parameters, 2);
        using var second = new InferenceSession(graph, parameters, 2);
        TestNetworks.Fill(first.Input, 5);
        float[] expected = first.Run(2).ToArray();
        float[] input = new float[2 * graph.Input.Shape.Count];
        TestNetworks.Fill(input, 5);
        InferenceSession[] sessions = [first, second];
        Thread[] threads = [.. sessions.Select(session => new Thread(() =>
        {
            for (int i = 0; i < 20; i++)
            {
                input.CopyTo(session.Input);
                TestNetworks.AssertSameBits(expected, session.Run(2), "outputs");
            }
        }))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
    }

    private static Graph Build(string name)
    {
        if (name == "residual")
        {
            return TestNetworks.Residual();
        }

        var b = GraphBuilder.For(name, new Shape(6, 5, 8));
        Node Norm(Node x, string layer) => b.BatchNorm(b.Convolution(x, layer, 8, 3, 1, 1, bias: layer == "a"), layer + "_norm");
        Node TwoUses(Node norm) => b.Add(b.Relu(norm, "relu"), norm, "sum");
        Node x = Norm(b.Input, "a");
        x = name switch
        {
            "convolution used twice" => b.Add(b.Relu(x, "relu"), x, "sum"),
            "sum of one" => b.Add(x, x, "sum"),
            "norm alone" => b.BatchNorm(b.Relu(x, "relu"), "norm"),
            "norm and relu alone" => b.Relu(b.BatchNorm(b.Relu(x, "inner"), "norm"), "relu", 0.7f),
            "norm used twice" => TwoUses(b.BatchNorm(b.Relu(x, "inner"), "norm")),
            "relu on a map" => b.Relu(b.MaxPool(x, "pool", 2, 2), "relu"),
            "linear relu" => b.Relu(b.Linear(x, "linear", 9), "relu"),
            "relu6 after sum" => b.Relu(b.Add(Norm(b.Relu(x, "inner"), "b"), b.Relu(x, "other"), "sum"), "relu", 0.7f),
            "two convolutions summed" => b.Relu(b.Add(Norm(x, "b"), Norm(x, "c"), "sum"), "relu"),
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
        return b.Build(b.Linear(b.GlobalAveragePool(x, "gap"), "fc", 5));
    }
}
