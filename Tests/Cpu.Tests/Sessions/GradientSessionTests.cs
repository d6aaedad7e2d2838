using MLClassify.Engines.Cpu.Devices;
using MLClassify.Engines.Cpu.Parameters;
using MLClassify.Engines.Cpu.Sessions;
using MLClassify.Graphs;
using MLClassify.Testing.Engines;

namespace MLClassify.Engines.Cpu.Tests.Sessions;

public sealed class GradientSessionTests : IDisposable
{
    private static readonly int[] Labels = [4, 0, 2, 1, 3, 2];
    private readonly CpuDevice _device = CpuDevice.Create(2);
    private readonly Graph _graph = TestNetworks.Residual(dropout: 0.3f);

    public void Dispose() => _device.Dispose();

    [Fact]
    public void Step_BatchBelowMaximum_SameBitsAsSessionOfThatSize()
    {
        Assert.Equal(6, Labels.Length);
        for (int batch = 1; batch <= Labels.Length; batch++)
        {
            (float[] logits, Dictionary<string, float[]> gradients) = Fresh(batch, batch, step: 3);
            (float[] logitsInLarger, Dictionary<string, float[]> gradientsInLarger) = Fresh(batch, Labels.Length, step: 3);
            TestNetworks.AssertSameBits(logits, logitsInLarger, "logits");
            TestNetworks.AssertSameBits(gradients, gradientsInLarger);
        }
    }

    [Fact]
    public void Step_BatchChangesBetweenSteps_SameBitsAsFreshSessions()
    {
        using CpuParameterStore parameters = CpuNetworks.Parameters(_graph, _device);
        using var session = new GradientSession(_graph, parameters, new GradientSessionOptions { MaxBatch = 6 });
        foreach (int batch in new[] { 4, 2, 6, 1, 4 })
        {
            TestNetworks.Fill(session.Input[..(batch * _graph.Input.Shape.Count)], 5);
            session.Step(Labels.AsSpan(0, batch), batch);

            (float[] logits, Dictionary<string, float[]> gradients) = Fresh(batch, batch, step: batch);
            TestNetworks.AssertSameBits(logits, session.Logits[..logits.Length], "logits");
            TestNetworks.AssertSameBits(gradients, CpuNetworks.Gradients(session, _device));
        }
    }

    [Theory]
    [InlineData("fc")]
    [InlineData("block")]
    [InlineData("block.conv2")]
    [InlineData("block.bn3")]
    [InlineData("stem_norm")]
    public void Step_OnlySomePartsTrained_OthersHaveNoGradientAndTheseTheSameBits(string prefix)
    {
        (_, Dictionary<string, float[]> all) = Fresh(4, 4, step: 0);

        (_, Dictionary<string, float[]> some) = Fresh(4, 4, step: 0, p => p.Name.StartsWith(prefix + ".", StringComparison.Ordinal));

        Assert.NotEmpty(some);
        TestNetworks.AssertSameBits(all.Where(g => g.Key.StartsWith(prefix + ".", StringComparison.Ordinal)).ToDictionary(), some);
    }

    [Fact]
    public void Step_FrozenBackbone_NeedsLessMemory()
    {
        using CpuParameterStore parameters = CpuNetworks.Parameters(_graph, _device);
        using var whole = new GradientSession(_graph, parameters, new GradientSessionOptions());
        using var head = new GradientSession(_graph, parameters, new GradientSessionOptions { Trainable = p => p.Name.StartsWith("fc.", StringComparison.Ordinal) });
        Assert.True(head.ActivationBytes * 2 < whole.ActivationBytes, $"{head.ActivationBytes} against {whole.ActivationBytes}");
    }

    [Fact]
    public void Step_NormalTraining_MovesRunningStatisticsByPyTorchsFormula()
    {
        using CpuParameterStore parameters = CpuNetworks.Parameters(_graph, _device);
        float[] mean = parameters.Export("stem_norm.running_mean");
        float[] variance = parameters.Export("stem_norm.running_var");
        using var session = new GradientSession(_graph, parameters, new GradientSessionOptions { MaxBatch = 6 });
        TestNetworks.Fill(session.Input, 5);
        var reference = new DoubleReference(_graph, _graph.Parameters.ToDictionary(p => p.Name, p => parameters.Export(p.Name).Select(v => (double)v).ToArray()), 6);
        reference.Forward([.. session.Input.ToArray().Select(v => (double)v)]);
        Node norm = _graph.Nodes.Single(n => n.Name == "stem_norm");
        double[] x = reference.ValuesOf(norm.Inputs[0]);
        (double[] batchMean, double[] batchVariance) = DoubleReference.BatchStatistics(x, norm.Shape.Channels);

        session.Step(Labels, 0);

        // The batch's share is 0.1, and its variance the unbiased one. Values are near 1, each rounded a few times to 2^-24.
        double rows = x.Length / (double)norm.Shape.Channels;
        float[] newMean = parameters.Export("stem_norm.running_mean");
        float[] newVariance = parameters.Export("stem_norm.running_var");
        for (int c = 0; c < mean.Length; c++)
        {
            Assert.Equal((0.9 * mean[c]) + (0.1 * batchMean[c]), newMean[c], 1e-6);
            Assert.Equal((0.9 * variance[c]) + (0.1 * batchVariance[c] * rows / (rows - 1)), newVariance[c], 1e-6);
        }
    }

    [Fact]
    public void Step_FrozenStatistics_LeavesRunningStatisticsAlone()
    {
        using CpuParameterStore parameters = CpuNetworks.Parameters(_graph, _device);
        string[] names = [.. _graph.Parameters.Where(p => !p.IsTrainable).Select(p => p.Name)];
        float[][] before = [.. names.Select(parameters.Export)];
        using var session = new GradientSession(_graph, parameters, new GradientSessionOptions { MaxBatch = 6, FreezeBatchNormStatistics = true });
        TestNetworks.Fill(session.Input, 5);

        session.Step(Labels, 0);

        Assert.Equal(8, names.Length);
        for (int i = 0; i < names.Length; i++)
        {
            TestNetworks.AssertSameBits(before[i], parameters.Export(names[i]), names[i]);
        }
    }

    [Fact]
    public void Step_Parameters_AreLeftToTheOptimizer()
    {
        using CpuParameterStore parameters = CpuNetworks.Parameters(_graph, _device);
        string[] names = [.. _graph.Parameters.Where(p => p.IsTrainable).Select(p => p.Name)];
        float[][] before = [.. names.Select(parameters.Export)];
        using var session = new GradientSession(_graph, parameters, new GradientSessionOptions { MaxBatch = 6 });
        TestNetworks.Fill(session.Input, 5);
        session.Step(Labels, 0);
        for (int i = 0; i < names.Length; i++)
        {
            TestNetworks.AssertSameBits(before[i], parameters.Export(names[i]), names[i]);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Step_ThreeStepsOnOtherNumbersOfThreads_SameBits(int threads)
    {
        Dictionary<string, float[]> expected = TrainThreeSteps(1);
        TestNetworks.AssertSameBits(expected, TrainThreeSteps(threads));
    }

    [Fact]
    public void Step_Dropout_MaskFollowsFromSeedAndStep()
    {
        (float[] first, _) = Fresh(4, 4, step: 0);
        (float[] again, _) = Fresh(4, 4, step: 0);
        (float[] next, _) = Fresh(4, 4, step: 1);
        (float[] otherSeed, _) = Fresh(4, 4, step: 0, seed: 9);
        Assert.Equal(first, again);
        Assert.NotEqual(first, next);
        Assert.NotEqual(first, otherSeed);
    }

    [Fact]
    public void Step_Dropout_GradientUsesTheForwardPassesMask()
    {
        // All linear up to the loss, so that differences over a step of 2^-8 err by less than 1e-4 of the gradient's scale.
        var builder = GraphBuilder.For("dropout", Shape.Vector(7));
        Graph graph = builder.Build(builder.Linear(builder.Dropout(builder.Linear(builder.Input, "first", 24), "dropout"), "last", 3));
        using CpuParameterStore parameters = CpuNetworks.Parameters(graph, _device);
        using var session = new GradientSession(graph, parameters, new GradientSessionOptions { MaxBatch = 2 });
        TestNetworks.Fill(session.Input, 5);
        session.Step([0, 2], 7);
        float[] gradient = CpuNetworks.Gradients(session, _device)["first.bias"];
        Assert.InRange(gradient.Count(g => g == 0), 1, 12);
        float[] bias = parameters.Export("first.bias");
        for (int i = 0; i < bias.Length; i++)
        {
            const float step = 1.0f / 256;
            double LossAt(float distance)
            {
                float[] moved = [.. bias];
                moved[i] += distance;
                parameters.Import("first.bias", moved);
                return session.Step([0, 2], 7).LossSum / 2;
            }

            double slope = (LossAt(step) - LossAt(-step)) / (2 * step);
            Assert.Equal(slope, gradient[i], 1e-4 * gradient.Max(Math.Abs) + 2e-5);
        }
    }

    [Fact]
    public void Step_SteadyState_AllocatesNothing()
    {
        using CpuParameterStore parameters = CpuNetworks.Parameters(_graph, _device);
        using var session = new GradientSession(_graph, parameters, new GradientSessionOptions { MaxBatch = 6, LabelSmoothing = 0.1f });
        TestNetworks.Fill(session.Input, 5);
        for (int step = 0; step < 4; step++)
        {
            session.Step(Labels.AsSpan(0, 6 - (step % 2)), step);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 0; step < 6; step++)
        {
            session.Step(Labels.AsSpan(0, 6 - (step % 2)), step);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Step_Result_CountsCorrectAnswers()
    {
        using CpuParameterStore parameters = CpuNetworks.Parameters(_graph, _device);
        using var session = new GradientSession(_graph, parameters, new GradientSessionOptions { MaxBatch = 6 });
        TestNetworks.Fill(session.Input, 5);
        StepResult result = session.Step(Labels, 0);
        int correct = 0;
        for (int n = 0; n < 6; n++)
        {
            ReadOnlySpan<float> row = session.Logits.Slice(n * 5, 5);
            correct += System.Numerics.Tensors.TensorPrimitives.IndexOfMax(row) == Labels[n] ? 1 : 0;
        }

        Assert.Equal(correct, result.Correct);
    }

    [Fact]
    public void Step_WrongLabels_Throws()
    {
        using CpuParameterStore parameters = CpuNetworks.Parameters(_graph, _device);
        using var session = new GradientSession(_graph, parameters, new GradientSessionOptions { MaxBatch = 2 });
        Assert.Throws<ArgumentOutOfRangeException>("labels", () => session.Step([], 0));
        Assert.Throws<ArgumentOutOfRangeException>("labels", () => session.Step([0, 1, 2], 0));
        Assert.Throws<ArgumentOutOfRangeException>("labels", () => session.Step([0, 5], 0));
        Assert.Throws<ArgumentOutOfRangeException>("labels", () => session.Step([-1, 0], 0));
    }

    [Fact]
    public void Constructor_NothingToTrainOrNoLogits_Throws()
    {
        using CpuParameterStore parameters = CpuNetworks.Parameters(_graph, _device);
        Assert.Throws<ArgumentException>(() => new GradientSession(_graph, parameters, new GradientSessionOptions { Trainable = _ => false }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientSession(_graph, parameters, new GradientSessionOptions { MaxBatch = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientSession(_graph, parameters, new GradientSessionOptions { LabelSmoothing = 1 }));
        Graph map = _graph.UpTo(_graph.Nodes.Single(n => n.Name == "pool"));
        var error = Assert.Throws<ArgumentException>(() => new GradientSession(map, parameters, new GradientSessionOptions()));
        Assert.StartsWith("The output of 'residual' must be logits [1, 1, classes], got [4, 3, 20].", error.Message, StringComparison.Ordinal);
    }

    private (float[] Logits, Dictionary<string, float[]> Gradients) Fresh(int batch, int maxBatch, long step, Func<Parameter, bool>? trainable = null, ulong seed = 0)
    {
        using CpuParameterStore parameters = CpuNetworks.Parameters(_graph, _device);
        using var session = new GradientSession(_graph, parameters, new GradientSessionOptions { MaxBatch = maxBatch, Trainable = trainable, Seed = seed });
        TestNetworks.Fill(session.Input[..(batch * _graph.Input.Shape.Count)], 5);
        session.Step(Labels.AsSpan(0, batch), step);
        return (session.Logits[..(batch * 5)].ToArray(), CpuNetworks.Gradients(session, _device));
    }

    private Dictionary<string, float[]> TrainThreeSteps(int threads)
    {
        using CpuDevice device = CpuDevice.Create(threads);
        using CpuParameterStore parameters = CpuNetworks.Parameters(_graph, device);
        using var session = new GradientSession(_graph, parameters, new GradientSessionOptions { MaxBatch = 6 });
        for (int step = 0; step < 3; step++)
        {
            TestNetworks.Fill(session.Input, (ulong)step);
            session.Step(Labels, step);
            CpuNetworks.Update(session, device);
        }

        return _graph.Parameters.ToDictionary(p => p.Name, p => parameters.Export(p.Name));
    }
}
