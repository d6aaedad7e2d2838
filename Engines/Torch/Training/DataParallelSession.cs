using System.Runtime.InteropServices;
using MLClassify.Common;
using MLClassify.Engines.Torch.Devices;
using MLClassify.Engines.Torch.Parameters;
using MLClassify.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace MLClassify.Engines.Torch.Training;

/// <summary>
/// Training on several devices: each computes the gradients of a part of every batch, the first one adds them up and makes the step, and the others get its
/// parameters. Batch normalization takes each part's own statistics, and the running ones are the first device's.
/// </summary>
internal sealed unsafe class DataParallelSession : ITrainingSession
{
    private readonly Graph _graph;
    private readonly TrainingSpec _spec;
    private readonly TorchParameterStore[] _stores;
    private readonly TorchTrainingSession[] _parts;
    private readonly TorchDevice[] _devices;
    private bool _isStale = true;

    /// <summary>Prepares a graph on all devices.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="parameters">Its values on the first device; changed in place.</param>
    /// <param name="others">The other devices.</param>
    /// <param name="spec">What is trained, and how; validated.</param>
    public DataParallelSession(Graph graph, TorchParameterStore parameters, IReadOnlyList<TorchDevice> others, TrainingSpec spec)
    {
        (_graph, _spec, _devices) = (graph, spec, [parameters.Device, .. others]);
        int most = (spec.MaxBatch + others.Count) / (others.Count + 1);
        var scale = new LossScale(parameters.Device.Precision, spec.MaxBatch);
        var stores = new List<TorchParameterStore> { parameters };
        var parts = new List<TorchTrainingSession>();
        try
        {
            stores.AddRange(others.Select(device => new TorchParameterStore(parameters.Parameters, device)));
            for (int i = 0; i < stores.Count; i++)
            {
                // Other parts drop other values.
                ulong seed = i == 0 ? spec.Seed : CounterRandom.Mix(spec.Seed + (ulong)i);
                parts.Add(new TorchTrainingSession(graph, stores[i], spec with { MaxBatch = most, Seed = seed }, scale));
            }
        }
        catch
        {
            parts.ForEach(part => part.Dispose());
            stores.Skip(1).ToList().ForEach(store => store.Dispose());
            throw;
        }

        (_stores, _parts) = ([.. stores], [.. parts]);
    }

    /// <summary>Called with each device's number before it computes its part of a batch; null for nobody.</summary>
    public Action<int>? BeforePart { get; init; }

    /// <inheritdoc/>
    public int MaxBatch => _spec.MaxBatch;

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> Trained => First.Trained;

    /// <inheritdoc/>
    public long ActivationBytes => First.ActivationBytes;

    /// <inheritdoc/>
    public long Steps => First.Steps;

    private TorchTrainingSession First => _parts[0];

    /// <inheritdoc/>
    public void Accumulate(HostBatch batch, long step)
    {
        int samples = SampleCount.Of(batch.Inputs.Length, _graph.Input.Shape, MaxBatch);
        SendParameters();
        int each = (samples + _parts.Length - 1) / _parts.Length;
        int parts = (samples + each - 1) / each;
        TargetKind kind = batch.Targets.Kind;
        fixed (float* inputs = batch.Inputs, rows = batch.Targets.RowSpan)
        fixed (int* labels = batch.Targets.LabelSpan)
        {
            var memory = new Memory(inputs, labels, rows, kind, samples);

            // Waited for in any case: the memory is the caller's.
            Run(parts, i => _parts[i].Accumulate(memory.Part(_graph, i * each, Math.Min(each, samples - (i * each))), step));
        }

        for (int i = 1; i < parts; i++)
        {
            int part = i;
            Guard(part, () => First.Absorb(_parts[part]));
        }
    }

    /// <inheritdoc/>
    public StepMetrics Apply(StepSettings settings)
    {
        _isStale = true;
        return First.Apply(settings);
    }

    /// <inheritdoc/>
    public StepMetrics? Submit(StepSettings settings)
    {
        _isStale = true;
        return First.Submit(settings);
    }

    /// <inheritdoc/>
    public StepMetrics Complete() => First.Complete();

    /// <inheritdoc/>
    public void ExportGradient(string name, Span<float> values) => First.ExportGradient(name, values);

    /// <inheritdoc/>
    public IReadOnlyList<OptimizerTensor> ExportState() => First.ExportState();

    /// <inheritdoc/>
    public void RestoreState(long steps, Func<OptimizerTensor, float[]>? read) => First.RestoreState(steps, read);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (TorchTrainingSession part in _parts)
        {
            part.Dispose();
        }

        foreach (TorchParameterStore store in _stores.AsSpan(1))
        {
            store.Dispose();
        }
    }

    // The first batch after a step: whatever has changed the parameters in between.
    private void SendParameters()
    {
        if (_isStale)
        {
            using IDisposable gradients = no_grad();
            for (int i = 1; i < _stores.Length; i++)
            {
                int part = i;
                Guard(part, () => _stores[part].Flat.copy_(_stores[0].Flat));
            }

            _isStale = false;
        }
    }

    // Each part has a thread, as beginning its work takes a processor as long as the work may take a card.
    private void Run(int parts, Action<int> work)
    {
        var running = new Task[parts];
        for (int i = 0; i < parts; i++)
        {
            int part = i;
            running[i] = Task.Factory.StartNew(
                () => Guard(part, () =>
                {
                    BeforePart?.Invoke(part);
                    work(part);
                }),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
        }

        Task all = Task.WhenAll(running);
        try
        {
            all.Wait();
        }
        catch (AggregateException)
        {
            // The first device's that failed: others fail because of it.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(running.First(task => task.IsFaulted).Exception!.InnerException!);
        }
    }

    private void Guard(int part, Action work)
    {
        try
        {
            work();
        }
        catch (ExternalException e)
        {
            string device = _devices[part].Identity.Device;
            throw new ComputeDeviceException($"The device {device} failed, one of {_devices.Length}: {e.Message.Split('\n', 2)[0].TrimEnd('.')}.", e);
        }
    }

    // The caller's batch, for threads.
    private sealed class Memory(float* inputs, int* labels, float* rows, TargetKind kind, int samples)
    {
        private readonly float* _inputs = inputs;
        private readonly int* _labels = labels;
        private readonly float* _rows = rows;

        public HostBatch Part(Graph graph, int first, int count)
        {
            int length = graph.Input.Shape.Count;
            int outputs = graph.Output.Shape.Count;
            if (first + count > samples)
            {
                throw new ArgumentOutOfRangeException(nameof(first), first, "The part ends behind the batch.");
            }

            ReadOnlySpan<float> values = new(_rows + ((long)first * outputs), kind == TargetKind.Labels ? 0 : count * outputs);
            Targets targets = kind switch
            {
                TargetKind.Labels => Targets.Labels(new(_labels + first, count)),
                TargetKind.Values => Targets.Values(values),
                _ => Targets.Distributions(values),
            };
            return new HostBatch(new(_inputs + ((long)first * length), count * length), targets);
        }
    }
}
