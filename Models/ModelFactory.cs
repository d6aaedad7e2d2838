using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Graphs;
using MLClassify.Networks;

namespace MLClassify.Models;

/// <summary>Creates an engine and the parameters of a network; on failure everything created so far is freed.</summary>
internal static class ModelFactory
{
    /// <summary>The engine that computes.</summary>
    /// <param name="compute">What computes.</param>
    /// <exception cref="ComputeDeviceException">The device cannot be used.</exception>
    public static Engine CreateEngine(ComputeOptions compute) => ComputeDevices.CreateEngine(compute, threads => new CpuEngine(threads));

    /// <summary>Creates and fills a parameter store on an engine that the caller owns.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="graph">The network.</param>
    /// <param name="fill">Sets the values.</param>
    public static ParameterStore CreateParameters(Engine engine, Graph graph, Action<ParameterStore> fill)
    {
        ParameterStore parameters = engine.CreateParameters(graph.Parameters);
        try
        {
            fill(parameters);
            return parameters;
        }
        catch
        {
            parameters.Dispose();
            throw;
        }
    }

    /// <summary>Makes a model with an engine of its own.</summary>
    /// <param name="network">What the graph was built from.</param>
    /// <param name="graph">The network.</param>
    /// <param name="labels">The classes' names.</param>
    /// <param name="preprocessing">The preprocessing of images.</param>
    /// <param name="compute">What computes.</param>
    /// <param name="fill">Sets the values.</param>
    /// <param name="trainingRecord">How the model was trained, as JSON; null when unknown.</param>
    /// <param name="trainingImages">The images that the model was trained on; null when unknown.</param>
    /// <exception cref="ArgumentException">The parts do not fit.</exception>
    public static TrainedModel Create(
        NetworkSpec network,
        Graph graph,
        IReadOnlyList<string> labels,
        PreprocessingSpec preprocessing,
        ComputeOptions compute,
        Action<ParameterStore> fill,
        string? trainingRecord = null,
        TrainingImages? trainingImages = null)
    {
        Engine engine = CreateEngine(compute);
        ParameterStore? parameters = null;
        try
        {
            parameters = CreateParameters(engine, graph, fill);
            return new TrainedModel(network, graph, labels, preprocessing, engine, parameters) { Compute = compute, TrainingRecord = trainingRecord, TrainingImages = trainingImages };
        }
        catch
        {
            parameters?.Dispose();
            engine.Dispose();
            throw;
        }
    }
}
