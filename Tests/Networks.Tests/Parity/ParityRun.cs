using MLClassify.Graphs;
using MLClassify.Graphs.Devices;
using MLClassify.Graphs.Sessions;
using MLClassify.Kernels;

namespace MLClassify.Networks.Tests.Parity;

/// <summary>Computes here what <c>Golden/make_parity.py</c> has PyTorch compute.</summary>
internal sealed class ParityRun : IDisposable
{
    /// <summary>The classes of all cases.</summary>
    public const int Classes = 10;

    private const float Momentum = 0.9f;
    private const float WeightDecay = 0.01f;

    private readonly Device _device;
    private readonly ParityCase _case;
    private readonly Graph _graph;
    private readonly ParameterSet _parameters;
    private readonly TrainingSession _session;
    private readonly Tensor[] _velocities;
    private int _steps;

    public ParityRun(ParityCase parity, Device device)
    {
        _device = device;
        _case = parity;
        _graph = NetworkRegistry.Default.Get(parity.Network).Build(
            new NetworkOptions { Classes = Classes, InputHeight = parity.Height, InputWidth = parity.Width, Dropout = 0 });
        _parameters = new ParameterSet(_graph.Parameters, device);
        var values = new ParityValues(_graph);
        foreach (Parameter parameter in _graph.Parameters)
        {
            _parameters.Import(parameter.Name, values.Of(parameter));
        }

        _session = new TrainingSession(
            _graph, _parameters, new TrainingSessionOptions { MaxBatch = parity.Batch, LabelSmoothing = 0.1f });
        _velocities = [.. _session.Trained.Select(t => new Tensor(t.Value.Length))];
    }

    /// <summary>Logits in evaluation mode, <c>[batch, classes]</c>.</summary>
    public float[] Evaluate()
    {
        using var session = new InferenceSession(_graph, _parameters, _case.Batch);
        FillInput(session.Input);
        return session.Run(_case.Batch).ToArray();
    }

    /// <summary>Fills the gradients and makes one step of SGD.</summary>
    /// <returns>The mean loss before the step.</returns>
    public double Step()
    {
        // The session may use the input's memory again.
        FillInput(_session.Input);
        int[] labels = [.. Enumerable.Range(0, _case.Batch).Select(i => ((3 * i) + 1) % Classes)];
        double loss = _session.Step(labels, _steps++).LossSum / _case.Batch;
        var step = new SgdStep((float)_case.Rate, Momentum, WeightDecay, Nesterov: false);
        for (int i = 0; i < _velocities.Length; i++)
        {
            TrainedParameter trained = _session.Trained[i];
            _device.SgdStep(step, trained.Value.Span, trained.Gradient.Span, _velocities[i].Span);
        }

        return loss;
    }

    /// <summary>The last step's gradients, in the outside world's order.</summary>
    public IEnumerable<(string Name, float[] Values)> Gradients() =>
        _session.Trained.Select(t => (t.Parameter.Name, Unpack(t.Parameter, t.Gradient)));

    /// <summary>The momentum.</summary>
    public IEnumerable<(string Name, float[] Values)> Momenta() =>
        _session.Trained.Select((t, i) => (t.Parameter.Name, Unpack(t.Parameter, _velocities[i])));

    /// <summary>All parameters, running statistics among them.</summary>
    public IEnumerable<(string Name, float[] Values)> Weights() => _graph.Parameters.Select(p => (p.Name, _parameters.Export(p.Name)));

    public void Dispose()
    {
        foreach (Tensor velocity in _velocities)
        {
            velocity.Dispose();
        }

        _session.Dispose();
        _parameters.Dispose();
    }

    private float[] Unpack(Parameter parameter, Tensor packed)
    {
        float[] values = new float[parameter.Count];
        _device.Unpack(parameter, packed.Span, values);
        return values;
    }

    private void FillInput(Span<float> input)
    {
        uint seed = FormulaValues.Seed(FormattableString.Invariant($"parity.{_case.Seed}"));
        for (int i = 0; i < input.Length; i++)
        {
            input[i] = (float)(2 * FormulaValues.Uniform(seed, i));
        }
    }
}
