using MLClassify.Engines;
using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.Testing.Engines;

/// <summary>
/// What every engine must do, through its public seam alone: every operator forward and backward against the double-precision reference,
/// steps of every optimizer against plain arithmetic on the engine's own gradients, accumulation, limits, values that are not finite, and
/// state that another session goes on with. An engine's tests derive from this.
/// </summary>
public abstract class EngineConformance
{
    /// <summary>Cases of <see cref="OperatorCases"/>.</summary>
    public static TheoryData<string> Operators => [.. OperatorCases.Names];

    private static Graph Network { get; } = TestNetworks.Residual();

    [EngineFact]
    public void OperatorCases_Together_HaveEveryKindOfOperator()
    {
        HashSet<Type> covered = [.. OperatorCases.Names.SelectMany(name => OperatorCases.Get(name).Graph.Nodes).Select(node => node.Operator.GetType())];
        Type[] all = [.. typeof(Operator).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Operator)))];
        Assert.Empty(all.Except(covered));
    }

    [EngineTheory]
    [MemberData(nameof(Operators))]
    public void Operator_OutputsLossAndGradients_MatchTheReference(string name)
    {
        OperatorCase c = OperatorCases.Get(name);
        using Engine engine = CreateEngine();
        GradientCheck.Run(engine, c.Graph, 3, c.Smoothing, c.FreezeStatistics);
    }

    [EngineFact]
    public void Parameters_ImportedAndExported_AreTheSameBits()
    {
        using Engine engine = CreateEngine();
        Graph graph = OperatorCases.Get("linear of a flattened map").Graph;
        using ParameterStore store = engine.CreateParameters(graph.Parameters);
        using var host = new HostParameterStore(graph.Parameters);
        store.Initialize(5);
        host.Initialize(5);
        Assert.All(graph.Parameters, p => TestNetworks.AssertSameBits(host.Export(p.Name), store.Export(p.Name), p.Name));
        Assert.Throws<KeyNotFoundException>(() => store.Export("absent"));
        Assert.Contains("[37, 105]", Assert.Throws<ArgumentException>(() => store.Import("tested.weight", new float[3])).Message);
    }

    [EngineFact]
    public void Parameters_CopyAndLerp_AreValueByValue()
    {
        using Engine engine = CreateEngine();
        using ParameterStore from = engine.CreateParameters(Network.Parameters);
        using ParameterStore to = engine.CreateParameters(Network.Parameters);
        from.Initialize(1);
        to.CopyFrom(from);
        Assert.All(Network.Parameters, p => TestNetworks.AssertSameBits(from.Export(p.Name), to.Export(p.Name), p.Name));
        to.Import("fc.bias", [1, 1, 1, 1, 1]);
        from.Import("fc.bias", [2, 2, 2, 2, 2]);
        to.Lerp(from, 0.25);
        Assert.All(to.Export("fc.bias"), v => Assert.Equal(1.25f, v, 1e-6f));

        // A part takes its values from the whole, and gives them back.
        using ParameterStore head = engine.CreateParameters(Network.HeadParameters);
        head.CopyFrom(to);
        head.CopyTo(from);
        Assert.Equal(to.Export("fc.bias"), from.Export("fc.bias"));
        using var other = new HostParameterStore([new Parameter { Name = "x", Role = ParameterRole.Bias, Dimensions = [1], Initializer = Initializer.Zeros }]);
        Assert.Throws<KeyNotFoundException>(() => head.CopyFrom(other));
        Assert.Throws<KeyNotFoundException>(() => to.CopyFrom(head));
    }

    [EngineTheory]
    [InlineData("sgd")]
    [InlineData("nesterov")]
    [InlineData("adam")]
    [InlineData("adamw")]
    public void Apply_ThreeSteps_AreThoseOfTheFormula(string name)
    {
        OptimizerSpec optimizer = name switch
        {
            "sgd" => new SgdSpec(),
            "nesterov" => new SgdSpec { Nesterov = true },
            "adam" => new AdamSpec(),
            _ => new AdamSpec { Decoupled = true },
        };
        using var run = new Run(CreateEngine(), spec => spec with { Optimizer = optimizer, Groups = [TestNetworks.AllParameters(Network, 0.05, 1e-2)] });
        var expected = new OptimizerReference(optimizer, 0.05, 1e-2);
        foreach (double factor in new[] { 1, 0.5, 2 })
        {
            run.Accumulate();
            Dictionary<string, double[]> wanted = run.Session.Trained.ToDictionary(
                p => p.Name, p => expected.Step(p.Name, run.Parameters.Export(p.Name), TestNetworks.Gradient(run.Session, p), factor));
            run.Session.Apply(new StepSettings(factor));
            foreach ((string parameter, double[] values) in wanted)
            {
                // A few roundings of 2^-24 of values up to a few units; Adam divides by a root, which magnifies them.
                float[] actual = run.Parameters.Export(parameter);
                Assert.All(values.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 2e-5 * Math.Max(1, Math.Abs(pair.First))));
            }
        }

        Assert.Equal(3, run.Session.Steps);
    }

    [EngineFact]
    public void Accumulate_TwoBatches_StepWithTheMeanOverTheirSamples()
    {
        using var whole = new Run(CreateEngine());
        using var halves = new Run(CreateEngine(), spec => spec with { AccumulationSteps = 2, FreezeBatchNormStatistics = true });
        using var frozen = new Run(CreateEngine(), spec => spec with { FreezeBatchNormStatistics = true });
        frozen.Accumulate(0, 6);
        halves.Accumulate(0, 4);
        halves.Accumulate(4, 2);
        AssertGradientsClose(frozen, halves);
        StepMetrics one = frozen.Session.Apply(new StepSettings(1));
        StepMetrics two = halves.Session.Apply(new StepSettings(1));
        Assert.Equal((6, one.Correct), (two.Samples, two.Correct));
        Assert.Equal(one.LossSum, two.LossSum, 1e-4);
        Assert.Throws<InvalidOperationException>(() => whole.Session.Apply(new StepSettings(1)));
    }

    [EngineFact]
    public void Apply_ClipNorm_LimitsTheStep()
    {
        using var free = new Run(CreateEngine(), spec => spec with { Optimizer = new SgdSpec { Momentum = 0 } });
        using var limited = new Run(CreateEngine(), spec => spec with { Optimizer = new SgdSpec { Momentum = 0 }, ClipNorm = 1e-3 });
        float[] before = free.Parameters.Export("fc.weight");
        free.Accumulate();
        limited.Accumulate();
        double norm = free.Session.Apply(new StepSettings(1)).GradientNorm;
        Assert.Equal(norm, limited.Session.Apply(new StepSettings(1)).GradientNorm, norm * 1e-5);
        double Moved(Run run) => Math.Sqrt(before.Zip(run.Parameters.Export("fc.weight")).Sum(p => Math.Pow(p.First - (double)p.Second, 2)));
        Assert.True(norm > 1e-2, $"norm {norm}");
        Assert.Equal(Moved(free) * 1e-3 / norm, Moved(limited), Moved(free) * 1e-3 / norm * 1e-2);
    }

    [EngineFact]
    public void Apply_LossIsNotFinite_NamesTheLayerAndMakesNoStep()
    {
        using var run = new Run(CreateEngine());
        float[] bias = run.Parameters.Export("block.bn1.bias");
        bias[0] = float.NaN;
        run.Parameters.Import("block.bn1.bias", bias);
        float[] before = run.Parameters.Export("fc.weight");
        run.Accumulate();
        StepMetrics metrics = run.Session.Apply(new StepSettings(1));
        Assert.False(metrics.NonFinite!.IsGradient);
        Assert.StartsWith("block.bn1", metrics.NonFinite.Name, StringComparison.Ordinal);
        Assert.Equal(before, run.Parameters.Export("fc.weight"));
        Assert.Equal(0, run.Session.Steps);
    }

    [EngineTheory]
    [InlineData("sgd")]
    [InlineData("adam")]
    public void RestoreState_AnotherSession_GoesOnAsTheFirst(string name)
    {
        OptimizerSpec optimizer = name == "sgd" ? new SgdSpec() : new AdamSpec();
        using var first = new Run(CreateEngine(), spec => spec with { Optimizer = optimizer });
        first.Step(3);
        Dictionary<string, float[]> state = first.Session.ExportState().ToDictionary(s => $"{s.Name}/{s.Parameter.Name}", s => s.Export());
        using var second = new Run(CreateEngine(), spec => spec with { Optimizer = optimizer });
        foreach (Parameter parameter in Network.Parameters)
        {
            second.Parameters.Import(parameter.Name, first.Parameters.Export(parameter.Name));
        }

        second.Session.RestoreState(first.Session.Steps, s => state[$"{s.Name}/{s.Parameter.Name}"]);
        first.Step(2);
        second.Step(2, number: 3);
        Assert.Equal(5, second.Session.Steps);
        Assert.All(Network.Parameters, p => AssertEqual(first.Parameters.Export(p.Name), second.Parameters.Export(p.Name), p.Name));
    }

    [EngineFact]
    public void Accumulate_TargetsThatDoNotFit_AreRefused()
    {
        using var run = new Run(CreateEngine());
        float[] input = new float[2 * Network.Input.Shape.Count];
        Assert.ThrowsAny<ArgumentException>(() => run.Session.Accumulate(new HostBatch(input, Targets.Labels([0])), 0));
        Assert.ThrowsAny<ArgumentException>(() => run.Session.Accumulate(new HostBatch(input, Targets.Labels([0, 5])), 0));
        Assert.ThrowsAny<ArgumentException>(() => run.Session.Accumulate(new HostBatch(input, Targets.Values(new float[10])), 0));
        Assert.ThrowsAny<ArgumentException>(() => run.Session.Accumulate(new HostBatch(input.AsSpan(1), Targets.Labels([0, 1])), 0));
        Assert.ThrowsAny<ArgumentException>(() => run.Session.Accumulate(new HostBatch(new float[7 * Network.Input.Shape.Count], Targets.Labels(new int[7])), 0));
    }

    [EngineFact]
    public void Targets_DistributionsOfLabels_GiveTheGradientsOfLabels()
    {
        using var labels = new Run(CreateEngine());
        using var rows = new Run(CreateEngine());
        labels.Accumulate(0, 2);
        float[] distributions = new float[10];
        distributions[Run.Labels[0]] = 1;
        distributions[5 + Run.Labels[1]] = 1;
        rows.Session.Accumulate(new HostBatch(rows.Input.AsSpan(0, 2 * Network.Input.Shape.Count), Targets.Distributions(distributions)), 0);
        AssertGradientsClose(labels, rows);
    }

    [EngineFact]
    public void MeanSquaredError_ZeroTargets_LossIsTheMeanSquareOfTheOutputs()
    {
        using var run = new Run(CreateEngine(), spec => spec with { Loss = new MeanSquaredError(), FreezeBatchNormStatistics = true });
        using IInferenceSession inference = run.Engine.CreateInference(Network, run.Parameters, 6);
        double expected = inference.Run(run.Input).ToArray().Sum(v => (double)v * v) / 5;
        run.Session.Accumulate(new HostBatch(run.Input, Targets.Values(new float[30])), 0);
        Assert.Equal(expected, run.Session.Apply(new StepSettings(1)).LossSum, 1e-4 * expected);
    }

    [EngineFact]
    public void Trained_HeadAlone_LeavesTheRestAsItIs()
    {
        using var run = new Run(CreateEngine(), spec => spec with
        {
            Groups = [new ParameterGroup("head", [.. Network.HeadParameters], 0.1, 0)],
            FreezeBatchNormStatistics = true,
        });
        Dictionary<string, float[]> before = Network.Parameters.ToDictionary(p => p.Name, p => run.Parameters.Export(p.Name));
        run.Step(1);
        foreach (Parameter parameter in Network.Parameters)
        {
            bool isHead = Network.HeadParameters.Contains(parameter);
            Assert.Equal(isHead, !before[parameter.Name].SequenceEqual(run.Parameters.Export(parameter.Name)));
        }
    }

    [EngineFact]
    public void ActivationGradient_OfANode_MatchesTheReference()
    {
        using Engine engine = CreateEngine();
        using ParameterStore parameters = engine.CreateParameters(Network.Parameters);
        TestNetworks.Initialize(parameters);
        Node node = Network.Nodes.Single(n => n.Name == "block.relu2");
        using IActivationGradientSession session = engine.CreateActivationGradient(Network, parameters, node);
        float[] input = new float[Network.Input.Shape.Count];
        TestNetworks.Fill(input, 9);
        var reference = new DoubleReference(Network, Network.Parameters.ToDictionary(p => p.Name, p => parameters.Export(p.Name).Select(v => (double)v).ToArray()), 1);
        double[] outputs = reference.Forward([.. input.Select(v => (double)v)], training: false);
        Assert.Throws<InvalidOperationException>(() => session.Activations());
        float[] logits = session.Forward(input).ToArray();
        Assert.All(outputs.Zip(logits), p => Assert.Equal(p.First, p.Second, 1e-4));
        double[] values = reference.ValuesOf(node);
        Assert.All(values.Zip(session.Activations()), p => Assert.Equal(p.First, p.Second, 1e-4));
        session.Backward(2);
        float[] gradient = session.Gradient();
        const double step = 1e-4;
        for (int i = 0; i < values.Length; i += 17)
        {
            double[] moved = [.. values];
            moved[i] += step;
            Assert.Equal((reference.OutputsWith(node, moved)[2] - outputs[2]) / step, gradient[i], 1e-4);
        }
    }

    [EngineFact]
    public void Create_StoreOfAnotherEngine_IsRefused()
    {
        using Engine engine = CreateEngine();
        using Engine other = CreateEngine();
        using ParameterStore parameters = other.CreateParameters(Network.Parameters);
        Assert.Throws<ArgumentException>(() => engine.CreateInference(Network, parameters, 1));
        Assert.Throws<ArgumentException>(() => engine.CreateTraining(Network, parameters, Run.Spec));
    }

    /// <summary>A new engine; disposed by the test.</summary>
    internal abstract Engine CreateEngine();

    /// <summary>Compares what must be the same: by bits, unless the engine promises less.</summary>
    protected virtual void AssertEqual(float[] expected, float[] actual, string what) => TestNetworks.AssertSameBits(expected, actual, what);

    private static void AssertGradientsClose(Run expected, Run actual)
    {
        foreach (Parameter parameter in expected.Session.Trained)
        {
            float[] first = TestNetworks.Gradient(expected.Session, parameter);
            float[] second = TestNetworks.Gradient(actual.Session, parameter);
            double scale = Math.Max(1e-2, first.Max(Math.Abs));
            Assert.All(first.Zip(second), p => Assert.Equal(p.First, p.Second, 2e-5 * scale));
        }
    }

    /// <summary>A training of the small residual network on six seeded samples.</summary>
    private sealed class Run : IDisposable
    {
        public Run(Engine engine, Func<TrainingSpec, TrainingSpec>? change = null)
        {
            Engine = engine;
            Parameters = engine.CreateParameters(Network.Parameters);
            TestNetworks.Initialize(Parameters);
            TestNetworks.Fill(Input, 4);
            Session = engine.CreateTraining(Network, Parameters, change?.Invoke(Spec) ?? Spec);
        }

        public static int[] Labels { get; } = [4, 0, 2, 1, 3, 2];

        public static TrainingSpec Spec => new() { Groups = [TestNetworks.AllParameters(Network)], Optimizer = new SgdSpec(), MaxBatch = 6 };

        public Engine Engine { get; }

        public ParameterStore Parameters { get; }

        public ITrainingSession Session { get; }

        public float[] Input { get; } = new float[6 * Network.Input.Shape.Count];

        public void Accumulate(int first = 0, int count = 6, long number = 0)
        {
            int values = Network.Input.Shape.Count;
            Session.Accumulate(new HostBatch(Input.AsSpan(first * values, count * values), Targets.Labels(Labels.AsSpan(first, count))), number);
        }

        public void Step(int count, long number = 0)
        {
            for (int i = 0; i < count; i++)
            {
                Accumulate(number: number + i);
                Session.Apply(new StepSettings(1));
            }
        }

        public void Dispose()
        {
            Session.Dispose();
            Parameters.Dispose();
            Engine.Dispose();
        }
    }
}
