using System.Runtime.InteropServices;
using MLClassify.Common;
using MLClassify.Engines.Torch.Devices;
using MLClassify.Engines.Torch.Networks;
using MLClassify.Engines.Torch.Parameters;
using MLClassify.Engines.Torch.Sessions;
using MLClassify.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace MLClassify.Engines.Torch.Training;

/// <summary>
/// Training by libtorch: autograd adds into one tensor of gradients, the optimizer changes the store where it lies, and the host waits for
/// the device once a step, for the loss and the norm.
/// </summary>
internal sealed class TorchTrainingSession : ITrainingSession
{
    private readonly TrainingSpec _spec;
    private readonly TorchDevice _device;
    private readonly Graph _graph;
    private readonly GraphRunner _runner;
    private readonly ParameterLayout _layout;
    private readonly Tensor _gradients;
    private readonly Dictionary<string, Tensor> _leaves = new(StringComparer.Ordinal);
    private readonly TrainedRun[] _runs;
    private readonly TorchOptimizer _optimizer;
    private readonly Generator _generator;
    private readonly BatchUpload _upload;
    private readonly LossScale _scale;
    private readonly LateValues _late;
    private List<SentBatch> _batches = [];
    private List<SentBatch> _submitted = [];
    private int _submittedSamples;
    private readonly Tensor _sums;
    private int _samples;

    // The sums of losses and correct answers, the norm, whether all is finite.
    private const int ResultLength = 4;

    /// <summary>Prepares a graph.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="parameters">Its values; changed in place.</param>
    /// <param name="spec">What is trained, and how; validated.</param>
    /// <param name="scale">The loss's factor, where several sessions share it.</param>
    public TorchTrainingSession(Graph graph, TorchParameterStore parameters, TrainingSpec spec, LossScale? scale = null)
    {
        if (!graph.Output.Shape.IsVector)
        {
            throw new ArgumentException($"The output of '{graph.Name}' is {graph.Output.Shape}, not a vector.", nameof(graph));
        }

        (_spec, _device, _graph) = (spec, parameters.Device, graph);
        Dictionary<string, ParameterGroup> groups = Groups(graph, spec);
        Trained = [.. graph.Parameters.Where(p => groups.ContainsKey(p.Name))];
        RequireDependence(graph, groups);
        _layout = new ParameterLayout(Trained);
        _gradients = _device.Guard(() => zeros([_layout.Length], ScalarType.Float32, _device.Handle)).DetachFromDisposeScope();
        _sums = zeros([2], ScalarType.Float32, _device.Handle).DetachFromDisposeScope();
        foreach (Parameter parameter in graph.Parameters)
        {
            _ = parameters[parameter.Name];
            _leaves[parameter.Name] = groups.ContainsKey(parameter.Name) ? Leaf(parameters, parameter) : parameters.Value(parameter.Name).alias().DetachFromDisposeScope();
        }

        _runs = TrainedRun.Of(parameters, Trained, _layout, _gradients, groups);
        _optimizer = TorchOptimizer.Create(spec.Optimizer, _runs, _layout, _device.Handle);
        _generator = new Generator(spec.Seed, _device.Handle);
        _upload = new BatchUpload(_device, graph.Input.Shape, spec.MaxBatch);
        _scale = scale ?? new LossScale(_device.Precision, spec.MaxBatch);
        _late = new LateValues(_device, ResultLength);
        _runner = new GraphRunner(graph, new LayerFunctions(_device.Low), name => _leaves[name]);
        ActivationBytes = ActivationSize.OfTraining(graph, spec.MaxBatch, _device.BytesPerValue);
    }

    /// <inheritdoc/>
    public int MaxBatch => _spec.MaxBatch;

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> Trained { get; }

    /// <inheritdoc/>
    public long ActivationBytes { get; }

    /// <inheritdoc/>
    public long Steps => _optimizer.Steps;

    // What stands before the mean gradient while a step's batches are added up.
    private double Factor => 1 / (_samples * _scale.Value);

    /// <inheritdoc/>
    public void Accumulate(HostBatch batch, long step)
    {
        int samples = SampleCount.Of(batch.Inputs.Length, _graph.Input.Shape, MaxBatch);
        if (_batches.Count > 0 && _spec.AccumulationSteps == 1)
        {
            throw new InvalidOperationException("The spec says that every batch makes a step of its own (AccumulationSteps is 1).");
        }

        using DisposeScope scope = NewDisposeScope();
        _device.Enter();
        Tensor targets = LossFunctions.Load(batch.Targets, _spec.Loss, samples, _graph.Output.Shape, _device.Handle);
        TargetKind kind = batch.Targets.Kind;
        Tensor input = _upload.Send(batch.Inputs, samples, mayWait: _submitted.Count + _batches.Count >= BatchUpload.Buffers);
        var sent = new SentBatch(input.DetachFromDisposeScope(), targets.DetachFromDisposeScope(), kind, samples, step);
        _batches.Add(sent);
        _samples += samples;
        _device.Guard(
            () =>
            {
                AddGradients(sent);
                return true;
            },
            samples);
    }

    /// <summary>Takes over the gradients of batches that another session, perhaps on another device, has accumulated since the last step.</summary>
    /// <param name="other">A session of the same graph and spec; it begins anew.</param>
    public void Absorb(TorchTrainingSession other)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        _gradients.add_(other._gradients.to(_device.Handle));
        _sums.add_(other._sums.to(_device.Handle));
        _samples += other._samples;
        other.Clear();
    }

    /// <inheritdoc/>
    public StepMetrics Apply(StepSettings settings)
    {
        RequireBatch();
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        _device.Enter();
        _gradients.mul_((float)Factor);
        Tensor norms = linalg.vector_norm(_gradients).reshape(1);
        Span<float> read = stackalloc float[3];
        HostTensors.Read(cat([_sums, norms]), read);
        var metrics = new StepMetrics(_samples, read[0], (int)read[1], double.NaN);
        if (!double.IsFinite(metrics.LossSum))
        {
            metrics = metrics with { NonFinite = new NonFiniteValue(FindNonFinite(_batches), IsGradient: false) };
        }
        else if (NonFiniteGradient(read[2], out double norm) is { } name)
        {
            // An overflow of the shorter type is no problem of the network's: the step is left out, and the scale halved.
            metrics = metrics with { NonFinite = _scale.Overflow() ? null : new NonFiniteValue(name, IsGradient: true) };
        }
        else
        {
            metrics = metrics with { GradientNorm = norm };
            if (_spec.ClipNorm > 0 && norm > _spec.ClipNorm)
            {
                _gradients.mul_((float)(_spec.ClipNorm / norm));
            }

            _optimizer.Step(settings);
            _scale.Success();
        }

        Clear();
        return metrics;
    }

    /// <inheritdoc/>
    public StepMetrics? Submit(StepSettings settings)
    {
        // The scale of the next loss depends on what this step finds.
        if (!_device.ComputesAhead || _scale.IsActive)
        {
            return Apply(settings);
        }

        RequireBatch();
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        _device.Enter();
        _gradients.mul_((float)Factor);
        Tensor norm = linalg.vector_norm(_gradients).reshape(1);
        Tensor isFinite = _sums.narrow(0, 0, 1).isfinite().logical_and(_gradients.isfinite().all());
        if (_spec.ClipNorm > 0)
        {
            Tensor limit = norm.to(ScalarType.Float64).reciprocal().mul(_spec.ClipNorm);
            _gradients.mul_(where(norm.gt(_spec.ClipNorm), limit.to(ScalarType.Float32), ones_like(norm)));
        }

        // The parameters stay numbers, so that the place where the first was none can be found.
        _gradients.masked_fill_(isFinite.logical_not(), 0);
        _optimizer.Step(settings);
        _late.Begin(cat([_sums, norm, isFinite.to(ScalarType.Float32)]));
        (_submitted, _submittedSamples, _batches) = (_batches, _samples, _submitted);
        Clear();
        return null;
    }

    /// <inheritdoc/>
    public StepMetrics Complete()
    {
        if (_submitted.Count == 0)
        {
            throw new InvalidOperationException("There is no step whose result is not known.");
        }

        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        _device.Enter();
        Span<float> read = stackalloc float[ResultLength];
        _late.Read(read);
        var metrics = new StepMetrics(_submittedSamples, read[0], (int)read[1], double.NaN);
        metrics = !float.IsFinite(read[0]) ? metrics with { NonFinite = new NonFiniteValue(FindNonFinite(_submitted), IsGradient: false) }
            : read[3] == 0 ? metrics with { NonFinite = new NonFiniteValue(FindNonFiniteGradient(_submitted), IsGradient: true) }
            : metrics with { GradientNorm = read[2] };
        Release(_submitted);
        return metrics;
    }

    /// <inheritdoc/>
    public void ExportGradient(string name, Span<float> values)
    {
        RequireBatch();
        Parameter parameter = Trained.FirstOrDefault(p => p.Name == name) ?? throw new KeyNotFoundException($"No trained parameter is named '{name}'.");
        if (values.Length != parameter.Count)
        {
            throw new ArgumentException($"Parameter '{name}' has {parameter.Count} values, got {values.Length}.", nameof(values));
        }

        _layout.Export(_gradients, parameter, values);
        float factor = (float)Factor;
        foreach (ref float value in values)
        {
            value *= factor;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<OptimizerTensor> ExportState() =>
        [.. _optimizer.State.SelectMany(s => Trained.Select(p => new OptimizerTensor(s.Name, p, () => Export(s.Flat, p))))];

    /// <inheritdoc/>
    public void RestoreState(long steps, Func<OptimizerTensor, float[]>? read)
    {
        if (read is not null)
        {
            using IDisposable gradients = no_grad();
            _optimizer.EnsureState();
            foreach (OptimizerTensor state in ExportState())
            {
                float[] values = read(state);
                if (values.Length != state.Parameter.Count)
                {
                    throw new ArgumentException($"The {state.Name} of '{state.Parameter.Name}' has {state.Parameter.Count} values, got {values.Length}.", nameof(read));
                }

                _layout.Import(_optimizer.State.Single(s => s.Name == state.Name).Flat, state.Parameter, values);
            }
        }

        _optimizer.Steps = steps;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Clear();
        Release(_submitted);
        _late.Dispose();
        _upload.Dispose();
        _optimizer.Dispose();
        foreach (TrainedRun run in _runs)
        {
            run.Dispose();
        }

        foreach (Tensor leaf in _leaves.Values)
        {
            leaf.Dispose();
        }

        _generator.Dispose();
        _sums.Dispose();
        _gradients.Dispose();
    }

    private static Dictionary<string, ParameterGroup> Groups(Graph graph, TrainingSpec spec)
    {
        HashSet<string> known = graph.Parameters.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        var groups = new Dictionary<string, ParameterGroup>(StringComparer.Ordinal);
        foreach (ParameterGroup group in spec.Groups)
        {
            foreach (Parameter parameter in group.Parameters)
            {
                if (!known.Contains(parameter.Name))
                {
                    throw new ArgumentException($"The parameter '{parameter.Name}' of the group '{group.Name}' is not one of the network's.", nameof(spec));
                }

                groups.Add(parameter.Name, group);
            }
        }

        return groups;
    }

    private static void RequireDependence(Graph graph, Dictionary<string, ParameterGroup> groups)
    {
        bool[] wants = new bool[graph.Nodes.Count];
        foreach (Node node in graph.Nodes)
        {
            wants[node.Index] = node.Parameters.Any(p => groups.ContainsKey(p.Name)) || node.Inputs.Any(i => wants[i.Index]);
        }

        if (!wants[graph.Output.Index])
        {
            throw new ArgumentException($"No parameter of '{graph.Name}' is trained.", nameof(graph));
        }
    }

    // The store's memory, for autograd the beginning of its graph, with its gradient where all gradients lie.
    private Tensor Leaf(TorchParameterStore parameters, Parameter parameter)
    {
        Tensor leaf = parameters.Value(parameter.Name).detach().DetachFromDisposeScope();
        leaf.requires_grad = true;
        using Tensor gradient = _layout.View(_gradients, parameter);
        leaf.grad = gradient;
        return leaf;
    }

    private void AddGradients(SentBatch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = enable_grad();
        Tensor logits = _runner.Forward(GraphRunner.AsMaps(batch.Input), Mode(batch.Step))!.reshape(batch.Samples, -1);
        Tensor loss = LossFunctions.Sum(logits, batch.Targets, batch.Kind, _spec.Loss);
        loss.mul(_scale.Value).backward();
        using IDisposable none = no_grad();
        _sums.add_(stack([loss.detach(), LossFunctions.Correct(logits.detach(), batch.Targets, batch.Kind)]));
    }

    private RunMode Mode(long step)
    {
        _generator.manual_seed((long)CounterRandom.Mix(_spec.Seed ^ CounterRandom.Mix((ulong)step)));
        return new RunMode(IsTraining: true, UsesBatchStatistics: !_spec.FreezeBatchNormStatistics, _generator);
    }

    // Runs a step's batches once more, looking at each map.
    private string? FindNonFinite(IEnumerable<SentBatch> batches)
    {
        string? found = null;
        var runner = new GraphRunner(_graph, new LayerFunctions(_device.Low), name => _leaves[name])
        {
            Computed = (node, value) =>
            {
                using Tensor finite = value.isfinite();
                using Tensor all = finite.all();
                found = all.item<bool>() ? null : node.Name;
                return found is null;
            },
        };
        foreach (SentBatch batch in batches)
        {
            using DisposeScope scope = NewDisposeScope();
            if (runner.Forward(GraphRunner.AsMaps(batch.Input), Mode(batch.Step)) is null)
            {
                break;
            }
        }

        return found;
    }

    // Computes a step's gradients once more: those of the next one lie in their place.
    private string? FindNonFiniteGradient(IEnumerable<SentBatch> batches)
    {
        using Tensor zeroed = _gradients.zero_();
        foreach (SentBatch batch in batches)
        {
            AddGradients(batch);
        }

        return NonFiniteGradient(float.NaN, out _);
    }

    // The first parameter whose gradient is not finite. Squares may overflow where no gradient does: then the norm is computed once more.
    private string? NonFiniteGradient(float read, out double norm)
    {
        norm = read;
        if (float.IsFinite(read))
        {
            return null;
        }

        double squares = 0;
        foreach (Parameter parameter in Trained)
        {
            foreach (float value in Export(_gradients, parameter))
            {
                if (!float.IsFinite(value))
                {
                    return parameter.Name;
                }

                squares += (double)value * value;
            }
        }

        norm = Math.Sqrt(squares);
        return null;
    }

    private float[] Export(Tensor flat, Parameter parameter)
    {
        float[] values = new float[parameter.Count];
        _layout.Export(flat, parameter, values);
        return values;
    }

    private void Clear()
    {
        using IDisposable gradients = no_grad();
        Release(_batches);
        _samples = 0;
        using Tensor first = _gradients.zero_();
        using Tensor second = _sums.zero_();
    }

    private static void Release(List<SentBatch> batches)
    {
        foreach (SentBatch batch in batches)
        {
            batch.Input.Dispose();
            batch.Targets.Dispose();
        }

        batches.Clear();
    }

    private void RequireBatch()
    {
        if (_samples == 0)
        {
            throw new InvalidOperationException("There was no batch since the last step.");
        }
    }
}
