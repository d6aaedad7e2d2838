using MLClassify.Common;
using MLClassify.Engines.Cpu.Devices;
using MLClassify.Engines.Cpu.Memory;
using MLClassify.Engines.Cpu.Operators;
using MLClassify.Engines.Cpu.Parameters;
using MLClassify.Engines.Cpu.Passes;
using MLClassify.Engines.Cpu.Planning;
using MLClassify.Graphs;

namespace MLClassify.Engines.Cpu.Sessions;

/// <summary>
/// Runs a graph forward and backward, against softmax cross-entropy or the squared error from given values. Changes batch normalization's running statistics; everything else of
/// the parameters is left to an optimizer. One caller at a time.
/// </summary>
internal sealed unsafe class GradientSession : IDisposable
{
    private readonly Graph _graph;
    private readonly CpuDevice _device;
    private readonly GradientSessionOptions _options;
    private readonly NodeRunner _runner;
    private readonly BackwardPlan _backward;
    private readonly BackwardRunner _backwardRunner;
    private readonly List<TrainedParameter> _trained = [];

    /// <summary>Plans memory for a graph whose output is logits, <c>[N, 1, 1, classes]</c>.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="parameters">Its parameters; used in place.</param>
    /// <param name="options">How to run.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="ArgumentException">The output is not a vector, or nothing is trainable.</exception>
    public GradientSession(Graph graph, CpuParameterStore parameters, GradientSessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxBatch, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(options.LabelSmoothing);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(options.LabelSmoothing, 1);
        if (!graph.Output.Shape.IsVector)
        {
            throw new ArgumentException($"The output of '{graph.Name}' must be logits [1, 1, classes], got {graph.Output.Shape}.", nameof(graph));
        }

        IReadOnlyList<Parameter> order = graph.Parameters;
        graph = FuseNormalization.Run(options.CopyConcatenated ? graph : ChainConcatenations.Run(graph));
        _graph = graph;
        _device = parameters.Device;
        _options = options;
        bool[] wants = WantsGradient(graph, IsTrained);
        _backward = new BackwardPlan(graph, MaxBatch, wants, options.CopyConcatenated);
        var forward = new ForwardPlan(graph, MaxBatch, _backward.LastUses(wants), copyConcatenated: options.CopyConcatenated);
        BufferLifetime?[] auxiliaries = [.. graph.Nodes.Select(node => Auxiliary(node, wants))];
        _runner = new NodeRunner(graph, parameters, forward.Values, auxiliaries);
        long length = MemoryPlan.Assign(forward.Storages.Concat(auxiliaries.OfType<BufferLifetime>()).Concat(_backward.Storages));
        ActivationBytes = length * sizeof(float);
        _runner.Arena = new Tensor(length);
        _backwardRunner = new BackwardRunner(graph, _device, _runner, _backward);
        AttachParameterGradients(parameters);
        _trained = [.. order.Join(_trained, parameter => parameter.Name, trained => trained.Parameter.Name, (_, trained) => trained)];
        Prepare(MaxBatch);
    }

    /// <summary>The parameters that get gradients, in the graph's order.</summary>
    public IReadOnlyList<TrainedParameter> Trained => _trained;

    /// <summary>The largest batch.</summary>
    public int MaxBatch => _options.MaxBatch;

    /// <summary>Bytes of activations, gradients and what operators leave for them.</summary>
    public long ActivationBytes { get; }

    /// <summary>Where the caller writes samples, <c>[MaxBatch, H, W, C]</c>.</summary>
    public Span<float> Input => new(_runner.Value(_graph.Input).Data, checked(MaxBatch * _graph.Input.Shape.Count));

    /// <summary>Forward and backward: fills every trained parameter's gradient, of the mean loss over the batch.</summary>
    /// <param name="labels">The true classes of the samples in <see cref="Input"/>; their number is the batch.</param>
    /// <param name="step">The step's number, which seeds dropout.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no labels, or more than <see cref="MaxBatch"/>, or one is no class.</exception>
    public StepResult Step(ReadOnlySpan<int> labels, long step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(labels.Length, 1, nameof(labels));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(labels.Length, MaxBatch, nameof(labels));
        foreach (int label in labels)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(label, nameof(labels));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(label, _graph.Output.Shape.Channels, nameof(labels));
        }

        lock (_device.Gate)
        {
            TensorView logitGradient = Forward(labels.Length, step);
            (double lossSum, int correct) = _device.SoftmaxCrossEntropy(_runner.Value(_graph.Output), labels, _options.LabelSmoothing, logitGradient);
            _backwardRunner.Run();
            return new StepResult(lossSum, correct);
        }
    }

    /// <summary>Forward and backward against distributions over the classes, as mixed images and weighted classes have.</summary>
    /// <param name="targets">
    /// A row a sample in <see cref="Input"/>, <c>[batch, classes]</c>, of values of at least 0; a row's sum is the sample's weight.
    /// </param>
    /// <param name="step">The step's number, which seeds dropout.</param>
    /// <exception cref="ArgumentException">There are no targets, more than <see cref="MaxBatch"/> samples of them, or no whole number of
    /// samples.</exception>
    public StepResult StepSoftTargets(ReadOnlySpan<float> targets, long step)
    {
        int samples = SamplesOf(targets);
        lock (_device.Gate)
        {
            TensorView logitGradient = Forward(samples, step);
            (double lossSum, int correct) = _device.SoftmaxCrossEntropy(_runner.Value(_graph.Output), targets, logitGradient);
            _backwardRunner.Run();
            return new StepResult(lossSum, correct);
        }
    }

    /// <summary>Runs forward as <see cref="Step"/> does and looks where a value first stops being a finite number.</summary>
    /// <param name="samples">Samples in <see cref="Input"/>.</param>
    /// <param name="step">The step's number, which seeds dropout.</param>
    /// <returns>The layer's name; null when all values are finite.</returns>
    public string? FindNonFinite(int samples, long step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(samples, MaxBatch);
        lock (_device.Gate)
        {
            Begin(samples, step);
            foreach (OperatorContext context in _runner.Contexts)
            {
                if (context.Node.Index > 0)
                {
                    context.Computation.Forward(context);
                }

                if (!IsFinite(context.Output))
                {
                    return context.Node.Name;
                }
            }

            return null;
        }
    }

    /// <summary>Forward and backward against values that the output should have: the loss is the mean squared difference.</summary>
    /// <param name="targets">The values, <c>[batch, outputs]</c>, of the samples in <see cref="Input"/>.</param>
    /// <param name="step">The step's number, which seeds dropout.</param>
    /// <returns>The sum of the samples' losses, each the mean over its outputs; no sample counts as correct.</returns>
    /// <exception cref="ArgumentException">There are no targets, more than <see cref="MaxBatch"/> samples of them, or no whole number of
    /// samples.</exception>
    public StepResult StepMeanSquaredError(ReadOnlySpan<float> targets, long step)
    {
        int samples = SamplesOf(targets);
        lock (_device.Gate)
        {
            TensorView logitGradient = Forward(samples, step);
            double lossSum = _device.MeanSquaredError(_runner.Value(_graph.Output), targets, logitGradient);
            _backwardRunner.Run();
            return new StepResult(lossSum, 0);
        }
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        _runner.Arena.Dispose();
        foreach (TrainedParameter parameter in _trained)
        {
            parameter.Gradient.Dispose();
        }
    }

    /// <summary>Copies samples into <see cref="Input"/>.</summary>
    /// <param name="inputs">Whole samples, <c>[batch, H, W, C]</c>.</param>
    /// <returns>Their number.</returns>
    /// <exception cref="ArgumentException">There is no sample, a part of one, or more than <see cref="MaxBatch"/>.</exception>
    public int Load(ReadOnlySpan<float> inputs)
    {
        int samples = SampleCount.Of(inputs.Length, _graph.Input.Shape, MaxBatch);
        inputs.CopyTo(Input);
        return samples;
    }

    /// <summary>How many samples targets are for.</summary>
    /// <param name="targets">The targets, <c>[batch, outputs]</c>.</param>
    /// <exception cref="ArgumentException">There are no targets, more than <see cref="MaxBatch"/> samples of them, or no whole number of samples.</exception>
    public int SamplesOf(ReadOnlySpan<float> targets)
    {
        (int samples, int rest) = Math.DivRem(targets.Length, _graph.Output.Shape.Channels);
        return rest == 0 && samples >= 1 && samples <= MaxBatch
            ? samples
            : throw new ArgumentException(
                FormattableString.Invariant($"Expected targets of 1 to {MaxBatch} samples of {_graph.Output.Shape.Channels} values, got {targets.Length} values."), nameof(targets));
    }

    private static bool IsFinite(TensorView view)
    {
        for (long row = 0; row < view.Rows; row++)
        {
            foreach (float value in new ReadOnlySpan<float>(view.Data + (row * view.Stride), view.Shape.Channels))
            {
                if (!float.IsFinite(value))
                {
                    return false;
                }
            }
        }

        return true;
    }

    // Computes the outputs; returns where their gradient goes.
    private TensorView Forward(int samples, long step)
    {
        Begin(samples, step);
        _runner.Forward();
        return _runner.View(_backward.Outputs[_graph.Output.Index], _graph.Output.Shape);
    }

    private void Begin(int samples, long step)
    {
        Prepare(samples);
        ulong stepSeed = CounterRandom.Mix(_options.Seed ^ CounterRandom.Mix((ulong)step));
        foreach (OperatorContext context in _runner.Contexts)
        {
            context.Seed = CounterRandom.Mix(stepSeed + (ulong)context.Node.Index);
        }
    }

    private static bool[] WantsGradient(Graph graph, Func<Parameter, bool> trained)
    {
        bool[] wants = new bool[graph.Nodes.Count];
        foreach (Node node in graph.Nodes)
        {
            wants[node.Index] = node.Parameters.Any(trained) || node.Inputs.Any(input => wants[input.Index]);
        }

        return wants[graph.Output.Index] ? wants : throw new ArgumentException($"No parameter of '{graph.Name}' is trained.", nameof(graph));
    }

    private bool IsTrained(Parameter parameter) => parameter.IsTrainable && (_options.Trainable is null || _options.Trainable(parameter));

    private BufferLifetime? Auxiliary(Node node, bool[] wants)
    {
        long length = NodeRunner.AuxiliaryLength(node, MaxBatch);
        if (length == 0)
        {
            return null;
        }

        var storage = new BufferLifetime(length, node.Index);
        if (wants[node.Index])
        {
            storage.Use(_backward.TimeOf(node.Index));
        }

        return storage;
    }

    private void AttachParameterGradients(CpuParameterStore parameters)
    {
        foreach (OperatorContext context in _runner.Contexts)
        {
            context.Training = true;
            context.RunningStatistics = _options.FreezeBatchNormStatistics;
            for (int i = 0; i < context.Node.Parameters.Count; i++)
            {
                Parameter parameter = context.Node.Parameters[i];
                if (IsTrained(parameter))
                {
                    Tensor value = parameters.Value(parameter.Name).Tensor;
                    var trained = new TrainedParameter(parameter, value, new Tensor(value.Length));
                    _trained.Add(trained);
                    context.ParameterGradients[i] = NodeRunner.Vector(trained.Gradient);
                }
            }
        }
    }

    private void Prepare(int batch)
    {
        if (_runner.SetBatch(batch))
        {
            _backwardRunner.SetBatch();
        }
    }
}
