using MLClassify.Graphs;
using MLClassify.Testing.Engines;

namespace MLClassify.Engines.Torch.Tests;

[LibtorchRequirement]
public sealed class DropoutTests
{
    private static readonly Graph Network = TestNetworks.Residual(dropout: 0.5f);

    [EngineFact]
    public void Accumulate_SeedAndNumber_DecideWhatIsDropped()
    {
        float[] first = Gradient(seed: 1, number: 3);
        Assert.Equal(first, Gradient(seed: 1, number: 3));
        Assert.NotEqual(first, Gradient(seed: 2, number: 3));
        Assert.NotEqual(first, Gradient(seed: 1, number: 4));
    }

    [EngineFact]
    public void Accumulate_ManySamples_KeepTheirMean()
    {
        // A feature of 1 everywhere stays 1 in the mean: what is kept is enlarged.
        var builder = GraphBuilder.For("mean", new Shape(1, 1, 1));
        Graph graph = builder.Build(builder.Linear(builder.Dropout(builder.Input, "dropout", 0.25f), "fc", 1));
        using TorchEngine engine = Libtorch.Create();
        using ParameterStore parameters = engine.CreateParameters(graph.Parameters);
        parameters.Import("fc.weight", [1]);
        using ITrainingSession session = engine.CreateTraining(graph, parameters, new TrainingSpec
        {
            Groups = [TestNetworks.AllParameters(graph)],
            Optimizer = new SgdSpec(),
            Loss = new MeanSquaredError(),
            MaxBatch = 10_000,
        });
        float[] ones = new float[10_000];
        Array.Fill(ones, 1);
        session.Accumulate(new HostBatch(ones, Targets.Values(new float[10_000])), 0);

        // The mean of squares of 0 and of 4/3, at 3 to 1, is 4/3; the deviation of a mean of 10,000 is below 0.01.
        Assert.Equal(4.0 / 3, session.Apply(new StepSettings(1)).LossSum / 10_000, 0.04);
    }

    private static float[] Gradient(ulong seed, long number)
    {
        using TorchEngine engine = Libtorch.Create();
        using ParameterStore parameters = engine.CreateParameters(Network.Parameters);
        TestNetworks.Initialize(parameters);
        using ITrainingSession session = engine.CreateTraining(Network, parameters, new TrainingSpec
        {
            Groups = [TestNetworks.AllParameters(Network)],
            Optimizer = new SgdSpec(),
            MaxBatch = 4,
            Seed = seed,
        });
        float[] input = new float[4 * Network.Input.Shape.Count];
        TestNetworks.Fill(input, 4);
        session.Accumulate(new HostBatch(input, Targets.Labels([0, 1, 2, 3])), number);
        return TestNetworks.Gradient(session, session.Trained.Single(p => p.Name == "fc.weight"));
    }
}
