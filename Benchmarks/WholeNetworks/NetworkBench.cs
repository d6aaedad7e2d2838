using MLClassify.Benchmarks.Measuring;
using MLClassify.Common;
using MLClassify.Graphs;
using MLClassify.Graphs.Devices;
using MLClassify.Graphs.Sessions;
using MLClassify.Networks;
using MLClassify.Trainers;

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
        using Device device = CpuDevice.Create(options.Threads, options.Level);
        using var parameters = new ParameterSet(graph.Parameters, device);
        parameters.Initialize(Seed);

        // Training last: it changes the parameters.
        StepTimes? infer = Measure(NetworkMode.Infer, time => Infer(graph, parameters, options, time));
        StepTimes? frozen = Measure(NetworkMode.Frozen, time => Infer(graph.UpTo(graph.Features), parameters, options, time));
        StepTimes? train = Measure(NetworkMode.Train, time => Train(graph, parameters, device, options, time));
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

    private static StepTimes Infer(Graph graph, ParameterSet parameters, NetworkBenchOptions options, Func<Action, StepTimes> time)
    {
        using var session = new InferenceSession(graph, parameters, options.Batch);
        float[] images = Noise(session.Input.Length);
        images.CopyTo(session.Input);

        // A run may overwrite its input, so every batch is copied in, here as in use.
        return time(() =>
        {
            images.CopyTo(session.Input);
            session.Run(options.Batch);
        });
    }

    private static StepTimes Train(Graph graph, ParameterSet parameters, Device device, NetworkBenchOptions options, Func<Action, StepTimes> time)
    {
        using var session = new TrainingSession(graph, parameters, new TrainingSessionOptions { MaxBatch = options.Batch, Seed = Seed });
        using var optimizer = new SgdOptimizer(device, [new ParameterGroup("all", session.Trained, LearningRate, 0)]) { Momentum = Momentum };
        Noise(session.Input.Length).CopyTo(session.Input);
        int[] labels = [.. Enumerable.Range(0, options.Batch).Select(i => i % options.Classes)];
        var point = new SchedulePoint(1);
        long number = 0;
        return time(() =>
        {
            session.Step(labels, number++);
            optimizer.Step(point);
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
