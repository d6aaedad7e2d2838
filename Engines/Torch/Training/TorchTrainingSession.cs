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
    private readonly List<(Tensor Input, long Step)> _batches = [];
    private readonly Tensor _sums;
    private int _samples;

    /// <summary>Prepares a graph.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="parameters">Its values; changed in place.</param>
    /// <param name="spec">What is trained, and how; validated.</param>
    public TorchTrainingSession(Graph graph, TorchParameterStore parameters, TrainingSpec spec)
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
        _scale = new LossScale(_device.Precision, spec.MaxBatch);
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
        Tensor input = _upload.Send(batch.Inputs, samples, mayWait: _batches.Count >= BatchUpload.Buffers).DetachFromDisposeScope();
        _batches.Add((input, step));
        _samples += samples;
        _device.Guard(
            () =>
            {
                AddGradients(input, targets, kind, samples, step);
                return true;
            },
            samples);
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
            metrics = metrics with { NonFinite = new NonFiniteValue(FindNonFinite(), IsGradient: false) };
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

    private void AddGradients(Tensor input, Tensor targets, TargetKind kind, int samples, long step)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = enable_grad();
        Tensor logits = _runner.Forward(GraphRunner.AsMaps(input), Mode(step))!.reshape(samples, -1);
        Tensor loss = LossFunctions.Sum(logits, targets, kind, _spec.Loss);
        loss.mul(_scale.Value).backward();
        using IDisposable none = no_grad();
        _sums.add_(stack([loss.detach(), LossFunctions.Correct(logits.detach(), targets, kind)]));
    }

    private RunMode Mode(long step)
    {
        _generator.manual_seed((long)CounterRandom.Mix(_spec.Seed ^ CounterRandom.Mix((ulong)step)));
        return new RunMode(IsTraining: true, UsesBatchStatistics: !_spec.FreezeBatchNormStatistics, _generator);
    }

    // Runs the step's batches once more, looking at each map.
    private string? FindNonFinite()
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
        foreach ((Tensor input, long step) in _batches)
        {
            using DisposeScope scope = NewDisposeScope();
            if (runner.Forward(GraphRunner.AsMaps(input), Mode(step)) is null)
            {
                break;
            }
        }

        return found;
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
        foreach ((Tensor input, _) in _batches)
        {
            input.Dispose();
        }

        _batches.Clear();
        _samples = 0;
        using Tensor first = _gradients.zero_();
        using Tensor second = _sums.zero_();
    }

    private void RequireBatch()
    {
        if (_samples == 0)
        {
            throw new InvalidOperationException("There was no batch since the last step.");
        }
    }
}
