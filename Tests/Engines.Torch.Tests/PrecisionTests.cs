using MLClassify.Graphs;
using MLClassify.Testing.Engines;

namespace MLClassify.Engines.Torch.Tests;

/// <summary>Shorter types for products and maps, float32 for everything that adds up.</summary>
[LibtorchRequirement]
public sealed class PrecisionTests
{
    private const int Batch = 6;

    private static readonly Graph Network = TestNetworks.Residual();
    private static readonly int[] Labels = [4, 0, 2, 1, 3, 2];

    // A value is rounded to 8 or 11 bits: by at most 2^-9 or 2^-12 of itself. About 16 such roundings, of products and of maps, lie one after
    // the other here; independent ones add up to 4 of one, and a margin of 4 is left.
    private const double Margin = 16;

    [EngineTheory]
    [InlineData("BFloat16", 1.0 / 512)]
    [InlineData("Float16", 1.0 / 4096)]
    public void Run_ShorterType_OutputsAreWithinItsRounding(string name, double rounding)
    {
        float[] expected = Infer(ComputePrecision.Float32);
        float[] found = Infer(Enum.Parse<ComputePrecision>(name));
        double scale = expected.Max(Math.Abs);
        Assert.NotEqual(expected, found);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, Margin * rounding * scale));
    }

    [EngineTheory]
    [InlineData("BFloat16", 1.0 / 512)]
    [InlineData("Float16", 1.0 / 4096)]
    public void Accumulate_ShorterType_GradientsAreWithinItsRounding(string name, double rounding)
    {
        Dictionary<string, float[]> expected = Gradients(ComputePrecision.Float32);
        Dictionary<string, float[]> found = Gradients(Enum.Parse<ComputePrecision>(name));

        // Twice as many roundings, forward and backward, whose errors a margin of 2 covers; and as large a share of the ReLUs as values are off by
        // decides otherwise: that part of the gradient is independent of what it was, so its norm is the root of the share.
        double off = Margin * rounding;
        double tolerance = (4 * off) + Math.Sqrt(off);
        double floor = expected.Values.Max(Norm) * 0.05;
        Assert.All(expected, pair =>
        {
            double difference = Norm([.. pair.Value.Zip(found[pair.Key], (a, b) => a - b)]);
            Assert.InRange(difference, 0, tolerance * Math.Max(Norm(pair.Value), floor));
        });
    }

    [EngineTheory]
    [InlineData("BFloat16")]
    [InlineData("Float16")]
    public void Apply_SmallSteps_AddUpInFloat32(string name)
    {
        using TorchEngine engine = Libtorch.Create(Enum.Parse<ComputePrecision>(name));
        using ParameterStore parameters = Store(engine);
        using ITrainingSession session = engine.CreateTraining(Network, parameters, Spec(rate: 1e-5));
        float[] before = parameters.Export("fc.weight");
        for (int step = 0; session.Steps < 3; step++)
        {
            Assert.InRange(step, 0, 20);
            session.Accumulate(new HostBatch(Input(), Targets.Labels(Labels)), step);
            StepMetrics metrics = session.Apply(new StepSettings(1));
            Assert.Null(metrics.NonFinite);
            Assert.True(double.IsNaN(metrics.GradientNorm) || metrics.GradientNorm is > 1e-3 and < 1e3);
        }

        // Each of these steps is far below the distance of neighbors in the shorter type.
        float[] after = parameters.Export("fc.weight");
        Assert.All(before.Zip(after), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1e-4));
        Assert.True(before.Zip(after).Count(pair => pair.First != pair.Second) > before.Length / 2);
    }

    [EngineFact]
    public void Apply_Float16GradientOverflows_LeavesTheStepOutAndGoesOn()
    {
        using TorchEngine engine = Libtorch.Create(ComputePrecision.Float16);
        using ParameterStore parameters = Store(engine);
        using ITrainingSession session = engine.CreateTraining(Network, parameters, Spec(rate: 1e-5) with { Loss = new MeanSquaredError() });
        float[] before = parameters.Export("fc.weight");
        float[] far = new float[Batch * 5];
        Array.Fill(far, 300);
        int left = 0;
        while (session.Steps == 0 && left < 20)
        {
            session.Accumulate(new HostBatch(Input(), Targets.Values(far)), left);
            StepMetrics metrics = session.Apply(new StepSettings(1));
            Assert.Null(metrics.NonFinite);
            if (session.Steps == 0)
            {
                Assert.True(double.IsNaN(metrics.GradientNorm));
                Assert.Equal(before, parameters.Export("fc.weight"));
                left++;
            }
        }

        Assert.InRange(left, 1, 19);
        Assert.NotEqual(before, parameters.Export("fc.weight"));
    }

    [EngineFact]
    public void Identity_OfAnEngine_SaysPrecisionAndDevice()
    {
        using TorchEngine engine = Libtorch.Create(ComputePrecision.BFloat16);
        Assert.Equal(new EngineIdentity("libtorch 2.10", "torch-cpu", "bfloat16"), engine.Identity);
        Assert.StartsWith("libtorch 2.10, CPU, 2 thread(s), bfloat16", engine.Name, StringComparison.Ordinal);
    }

    private static double Norm(float[] values) => Math.Sqrt(values.Sum(v => (double)v * v));

    private static float[] Input()
    {
        float[] input = new float[Batch * Network.Input.Shape.Count];
        TestNetworks.Fill(input, 4);
        return input;
    }

    private static ParameterStore Store(TorchEngine engine)
    {
        ParameterStore parameters = engine.CreateParameters(Network.Parameters);
        TestNetworks.Initialize(parameters);
        return parameters;
    }

    private static TrainingSpec Spec(double rate) =>
        new() { Groups = [TestNetworks.AllParameters(Network, rate)], Optimizer = new SgdSpec { Momentum = 0 }, MaxBatch = Batch };

    private static float[] Infer(ComputePrecision precision)
    {
        using TorchEngine engine = Libtorch.Create(precision);
        using ParameterStore parameters = Store(engine);
        using IInferenceSession session = engine.CreateInference(Network, parameters, Batch);
        return session.Run(Input()).ToArray();
    }

    private static Dictionary<string, float[]> Gradients(ComputePrecision precision)
    {
        using TorchEngine engine = Libtorch.Create(precision);
        using ParameterStore parameters = Store(engine);
        using ITrainingSession session = engine.CreateTraining(Network, parameters, Spec(rate: 0.05) with { FreezeBatchNormStatistics = true });
        session.Accumulate(new HostBatch(Input(), Targets.Labels(Labels)), 0);
        return session.Trained.ToDictionary(p => p.Name, p => TestNetworks.Gradient(session, p), StringComparer.Ordinal);
    }
}
