using MLClassify.Engines.Cpu.Devices;
using MLClassify.Engines.Cpu.Memory;
using MLClassify.Engines.Cpu.Parameters;
using MLClassify.Engines.Cpu.Sessions;
using MLClassify.Graphs;

namespace MLClassify.Engines.Cpu.Training;

/// <summary>Training on the processor: a <see cref="GradientSession"/> computes gradients, a <see cref="GradientAccumulator"/> and an optimizer use them.</summary>
internal sealed class CpuTrainingSession : ITrainingSession
{
    private readonly TrainingSpec _spec;
    private readonly CpuDevice _device;
    private readonly GradientSession _gradients;
    private readonly GradientAccumulator _accumulator;
    private readonly Optimizer _optimizer;
    private double _lossSum;
    private int _correct;
    private NonFiniteValue? _nonFinite;

    /// <summary>Plans memory.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="parameters">Its values; changed in place.</param>
    /// <param name="spec">What is trained, and how; validated.</param>
    public CpuTrainingSession(Graph graph, CpuParameterStore parameters, TrainingSpec spec)
    {
        _spec = spec;
        _device = parameters.Device;
        HashSet<string> trained = spec.Groups.SelectMany(g => g.Parameters).Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        _gradients = new GradientSession(graph, parameters, new GradientSessionOptions
        {
            MaxBatch = spec.MaxBatch,
            Seed = spec.Seed,
            LabelSmoothing = spec.Loss is SoftmaxCrossEntropy { LabelSmoothing: var smoothing } ? smoothing : 0,
            Trainable = parameter => trained.Contains(parameter.Name),
            FreezeBatchNormStatistics = spec.FreezeBatchNormStatistics,
        });
        try
        {
            Trained = [.. _gradients.Trained.Select(t => t.Parameter)];
            _accumulator = new GradientAccumulator(_gradients.Trained, _device, spec.AccumulationSteps, spec.ClipNorm);
            _optimizer = Optimizer.Create(spec.Optimizer, _device, Groups(spec.Groups));
        }
        catch
        {
            _gradients.Dispose();
            _accumulator?.Dispose();
            throw;
        }
    }

    public int MaxBatch => _gradients.MaxBatch;

    public IReadOnlyList<Parameter> Trained { get; }

    public long ActivationBytes => _gradients.ActivationBytes;

    public long Steps => _optimizer.Steps;

    public void Accumulate(HostBatch batch, long step)
    {
        int samples = _gradients.Load(batch.Inputs);
        StepResult result = Run(batch.Targets, samples, step);
        _lossSum += result.LossSum;
        _correct += result.Correct;
        if (_nonFinite is null && !double.IsFinite(result.LossSum))
        {
            // The pass has overwritten its input.
            _gradients.Load(batch.Inputs);
            _nonFinite = new NonFiniteValue(_gradients.FindNonFinite(samples, step), IsGradient: false);
        }

        _accumulator.Add(samples);
    }

    public StepMetrics Apply(StepSettings settings)
    {
        RequireBatch();
        var metrics = new StepMetrics(_accumulator.Samples, _lossSum, _correct, double.NaN, _nonFinite);
        if (_nonFinite is null)
        {
            _accumulator.Average();
            double norm = _accumulator.Clip(out string? parameter);
            metrics = metrics with { GradientNorm = norm, NonFinite = parameter is null ? null : new NonFiniteValue(parameter, IsGradient: true) };
            if (parameter is null)
            {
                _optimizer.Step(settings);
            }
        }

        _accumulator.Clear();
        (_lossSum, _correct, _nonFinite) = (0, 0, null);
        return metrics;
    }

    public void ExportGradient(string name, Span<float> values)
    {
        RequireBatch();
        TrainedParameter trained = _gradients.Trained.FirstOrDefault(t => t.Parameter.Name == name)
            ?? throw new KeyNotFoundException($"No trained parameter is named '{name}'.");
        if (values.Length != trained.Parameter.Count)
        {
            throw new ArgumentException($"Parameter '{name}' has {trained.Parameter.Count} values, got {values.Length}.", nameof(values));
        }

        _accumulator.Average();
        _device.Unpack(trained.Parameter, trained.Gradient.Span, values);
    }

    public IReadOnlyList<OptimizerTensor> ExportState() =>
        [.. _optimizer.State.Select(s => new OptimizerTensor(s.Name, s.Parameter.Parameter, () => Unpack(s.Parameter.Parameter, s.State)))];

    public void RestoreState(long steps, Func<OptimizerTensor, float[]>? read)
    {
        if (read is not null)
        {
            _optimizer.EnsureState();
            foreach ((string name, TrainedParameter trained, Tensor state) in _optimizer.State)
            {
                Parameter parameter = trained.Parameter;
                float[] values = read(new OptimizerTensor(name, parameter, () => Unpack(parameter, state)));
                if (values.Length != parameter.Count)
                {
                    throw new ArgumentException($"The {name} of '{parameter.Name}' has {parameter.Count} values, got {values.Length}.", nameof(read));
                }

                _device.Pack(parameter, values, state.Span);
            }
        }

        _optimizer.Steps = steps;
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _accumulator.Dispose();
        _gradients.Dispose();
    }

    private TrainedGroup[] Groups(IReadOnlyList<ParameterGroup> groups)
    {
        Dictionary<string, TrainedParameter> trained = _gradients.Trained.ToDictionary(t => t.Parameter.Name, StringComparer.Ordinal);
        TrainedParameter Find(ParameterGroup group, Parameter parameter) => trained.TryGetValue(parameter.Name, out TrainedParameter? found)
            ? found
            : throw new ArgumentException($"The parameter '{parameter.Name}' of the group '{group.Name}' is not one of the network's.");
        return [.. groups.Select(group => new TrainedGroup([.. group.Parameters.Select(p => Find(group, p))], group.LearningRate, group.WeightDecay))];
    }

    private StepResult Run(Targets targets, int samples, long step)
    {
        bool fits = targets.Kind == TargetKind.Values == _spec.Loss is MeanSquaredError;
        int count = targets.Kind == TargetKind.Labels ? targets.LabelSpan.Length : _gradients.SamplesOf(targets.RowSpan);
        if (!fits || count != samples)
        {
            throw new ArgumentException($"Expected targets of {samples} samples for the loss {_spec.Loss}, got {targets.Kind} of {count}.", nameof(targets));
        }

        return targets.Kind switch
        {
            TargetKind.Labels => _gradients.Step(targets.LabelSpan, step),
            TargetKind.Distributions => _gradients.StepSoftTargets(targets.RowSpan, step),
            _ => _gradients.StepMeanSquaredError(targets.RowSpan, step),
        };
    }

    private float[] Unpack(Parameter parameter, Tensor tensor)
    {
        float[] values = new float[parameter.Count];
        _device.Unpack(parameter, tensor.Span, values);
        return values;
    }

    private void RequireBatch()
    {
        if (_accumulator.Samples == 0)
        {
            throw new InvalidOperationException("There was no batch since the last step.");
        }
    }
}
