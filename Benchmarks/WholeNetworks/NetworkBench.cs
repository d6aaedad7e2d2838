using MLClassify.Benchmarks.Measuring;
using MLClassify.Common;
using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Engines.Cpu.Training;
using MLClassify.Graphs;
using MLClassify.Networks;
using MLClassify.Preprocessing.Augmentation.Pixels;
using MLClassify.Preprocessing.Loading;

namespace MLClassify.Benchmarks.WholeNetworks;

/// <summary>Measures one network on images of noise.</summary>
internal static class NetworkBench
{
    private const double LearningRate = 0.01;
    private const double Momentum = 0.9;
    private const ulong Seed = 1;

    /// <summary>Measures.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentException">The network cannot be built for this input.</exception>
    public static NetworkResult Run(NetworkDefinition network, NetworkBenchOptions options)
    {
        double peakGflops = PeakMeter.Measure(options.Threads, options.Level);
        ProcessMemory.ResetPeak();
        Graph graph = network.Build(new NetworkOptions { Classes = options.Classes, InputHeight = options.Size, InputWidth = options.Size });
        using var engine = new CpuEngine(options.Threads, options.Level);
        using ParameterStore parameters = engine.CreateParameters(graph.Parameters);
        parameters.Initialize(Seed);

        // Training last: it changes the parameters.
        StepTimes? infer = Measure(NetworkMode.Infer, time => Infer(engine, graph, parameters, options, time));
        StepTimes? frozen = Measure(NetworkMode.Frozen, time => Infer(engine, graph.UpTo(graph.Features), parameters, options, time));
        StepTimes? train = Measure(NetworkMode.Train, time => Train(engine, graph, parameters, options, time));
        double? memory = ProcessMemory.PeakMiB();

        // Twice, because somebody else's work may have taken a core the first time.
        peakGflops = Math.Max(peakGflops, PeakMeter.Measure(options.Threads, options.Level));
        return new NetworkResult
        {
            Network = network.Name,
            Batch = options.Batch,
            Size = options.Size,
            Threads = options.Threads,
            Level = SimdLevels.NameOf(options.Level),
            PeakGflops = Math.Round(peakGflops, 1),
            PeakRssMb = memory is { } mebibytes ? Math.Round(mebibytes, 1) : null,
            Train = Result(NetworkMode.Train, train),
            Infer = Result(NetworkMode.Infer, infer),
            Frozen = Result(NetworkMode.Frozen, frozen),
        };

        StepTimes? Measure(NetworkMode mode, Func<Func<Action, StepTimes>, StepTimes> run) =>
            options.Modes.Contains(mode) ? run(step => StepTimer.Run(step, options.Steps, options.WarmUpSeconds)) : null;

        ModeResult? Result(NetworkMode mode, StepTimes? measured)
        {
            if (measured is not { } times)
            {
                return null;
            }

            double gflops = NetworkWork.Flops(graph, mode) * options.Batch / times.MedianSeconds / 1e9;
            return new ModeResult(
                Math.Round(options.Batch / times.MedianSeconds, 2),
                Math.Round(times.MedianSeconds * 1e3, 3),
                Math.Round(times.BestSeconds * 1e3, 3),
                Math.Round(gflops, 1),
                Math.Round(100 * gflops / peakGflops, 1),
                Math.Round(times.ManagedBytesPerStep, 1));
        }
    }

    private static StepTimes Infer(Engine engine, Graph graph, ParameterStore parameters, NetworkBenchOptions options, Func<Action, StepTimes> time)
    {
        using IInferenceSession session = engine.CreateInference(graph, parameters, options.Batch);
        float[] images = Noise(options.Batch * session.InputShape.Count);
        return time(() => session.Run(images));
    }

    private static StepTimes Train(Engine engine, Graph graph, ParameterStore parameters, NetworkBenchOptions options, Func<Action, StepTimes> time)
    {
        using ITrainingSession session = engine.CreateTraining(graph, parameters, new TrainingSpec
        {
            Groups = [new ParameterGroup("all", [.. graph.Parameters.Where(p => p.IsTrainable)], LearningRate, WeightDecay: 0)],
            Optimizer = new SgdSpec { Momentum = Momentum },
            MaxBatch = options.Batch,
            Seed = Seed,
        });
        float[] images = Noise(options.Batch * graph.Input.Shape.Count);
        int[] labels = [.. Enumerable.Range(0, options.Batch).Select(i => i % options.Classes)];
        var settings = new StepSettings(1);
        long number = 0;
        return time(() =>
        {
            session.Accumulate(new HostBatch(images, Targets.Labels(labels)), number++);
            session.Apply(settings);
        });
    }

    private static float[] Noise(int length)
    {
        float[] values = new float[length];
        var random = new CounterRandom(Seed, "images");
        foreach (ref float value in values.AsSpan())
        {
            value = (float)random.NextGaussian();
        }

        return values;
    }
}
