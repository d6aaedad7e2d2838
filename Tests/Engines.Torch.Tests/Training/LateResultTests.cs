using MLClassify.Graphs;
using MLClassify.Testing.Engines;

namespace MLClassify.Engines.Torch.Tests.Training;

/// <summary>A step whose result is read when the next one's batch has been computed is the same step.</summary>
[LibtorchRequirement]
public sealed class LateResultTests
{
    private static readonly Graph Network = TestNetworks.Residual(dropout: 0.3f);

    [EngineTheory]
    [InlineData(0, 1, "Float32")]
    [InlineData(0.05, 2, "Float32")]
    [InlineData(1e6, 1, "BFloat16")]
    [InlineData(0.05, 1, "Float16")]
    public void Submit_StepsReadLate_AreTheBitsOfApply(double clipNorm, int accumulation, string precision)
    {
        (List<StepMetrics> expected, float[][] values) = Train(clipNorm, accumulation, precision, late: false);
        (List<StepMetrics> found, float[][] late) = Train(clipNorm, accumulation, precision, late: true);

        Assert.Equal(6, expected.Count);
        Assert.Equal(expected, found);
        Assert.Equal(values, late);
    }

    [EngineTheory]
    [InlineData("fc.bias", float.NaN, false)]
    [InlineData("fc.weight", 1e30f, true)]
    public void Complete_ValueThatIsNotFinite_IsNamedAsByApply(string parameter, float value, bool isGradient)
    {
        NonFiniteValue Find(bool late)
        {
            using TorchEngine engine = Libtorch.Create(isDeterministic: true);
            using ParameterStore parameters = Store(engine);
            float[] changed = parameters.Export(parameter);
            Array.Fill(changed, value);
            parameters.Import(parameter, changed);
            using ITrainingSession session = Session(engine, parameters, 0, 1, isGradient ? new MeanSquaredError() : new SoftmaxCrossEntropy());
            Accumulate(session, 0, isGradient);
            if (!late)
            {
                return session.Apply(new StepSettings(1)).NonFinite!;
            }

            Assert.Null(session.Submit(new StepSettings(1)));
            Accumulate(session, 1, isGradient);
            return session.Complete().NonFinite!;
        }

        NonFiniteValue expected = Find(late: false);
        Assert.NotNull(expected);
        Assert.Equal(expected, Find(late: true));
    }

    [EngineFact]
    public void Complete_NoStepBefore_SaysSo()
    {
        using TorchEngine engine = Libtorch.Create();
        using ParameterStore parameters = Store(engine);
        using ITrainingSession session = Session(engine, parameters, 0, 1, new SoftmaxCrossEntropy());
        Assert.Throws<InvalidOperationException>(() => session.Complete());
    }

    private static (List<StepMetrics> Metrics, float[][] Values) Train(double clipNorm, int accumulation, string precision, bool late)
    {
        using TorchEngine engine = Libtorch.Create(Enum.Parse<ComputePrecision>(precision), isDeterministic: true);
        using ParameterStore parameters = Store(engine);
        using ITrainingSession session = Session(engine, parameters, clipNorm, accumulation, new SoftmaxCrossEntropy());
        var metrics = new List<StepMetrics>();
        bool isOpen = false;
        for (int step = 0; step < 6; step++)
        {
            for (int i = 0; i < accumulation; i++)
            {
                Accumulate(session, (step * accumulation) + i, isValues: false);
                if (isOpen)
                {
                    metrics.Add(session.Complete());
                    isOpen = false;
                }
            }

            if ((late ? session.Submit(new StepSettings(1)) : session.Apply(new StepSettings(1))) is { } known)
            {
                metrics.Add(known);
            }
            else
            {
                isOpen = true;
            }
        }

        if (isOpen)
        {
            metrics.Add(session.Complete());
        }

        return (metrics, [.. Network.Parameters.Select(p => parameters.Export(p.Name))]);
    }

    private static void Accumulate(ITrainingSession session, int number, bool isValues)
    {
        float[] input = new float[4 * Network.Input.Shape.Count];
        TestNetworks.Fill(input, 4 + (ulong)number);
        float[] values = new float[4 * Network.Output.Shape.Count];
        session.Accumulate(new HostBatch(input, isValues ? Targets.Values(values) : Targets.Labels([0, 1, 2, number % 5])), number);
    }

    private static ParameterStore Store(TorchEngine engine)
    {
        ParameterStore parameters = engine.CreateParameters(Network.Parameters);
        TestNetworks.Initialize(parameters);
        return parameters;
    }

    private static ITrainingSession Session(TorchEngine engine, ParameterStore parameters, double clipNorm, int accumulation, LossSpec loss) =>
        engine.CreateTraining(Network, parameters, new TrainingSpec
        {
            Groups = [TestNetworks.AllParameters(Network, 1e-2)],
            Optimizer = new SgdSpec(),
            Loss = loss,
            MaxBatch = 4,
            AccumulationSteps = accumulation,
            ClipNorm = clipNorm,
            Seed = 3,
        });
}
