using MLClassify.Engines;
using MLClassify.Graphs;
using MLClassify.Testing.Engines;

namespace MLClassify.Networks.Tests.Parity;

/// <summary>Computes here what <c>Golden/make_parity.py</c> has PyTorch compute.</summary>
internal sealed class ParityRun : IDisposable
{
    /// <summary>The classes of all cases.</summary>
    public const int Classes = 10;

    private const double Momentum = 0.9;
    private const double WeightDecay = 0.01;

    private readonly Engine _engine;
    private readonly ParityCase _case;
    private readonly Graph _graph;
    private readonly ParameterStore _parameters;
    private readonly ITrainingSession _session;
    private readonly Dictionary<string, float[]> _gradients = new(StringComparer.Ordinal);
    private int _steps;

    public ParityRun(ParityCase parity, Engine engine)
    {
        _engine = engine;
        _case = parity;
        _graph = NetworkRegistry.Default.Get(parity.Network).Build(
            new NetworkOptions { Classes = Classes, InputHeight = parity.Height, InputWidth = parity.Width, Dropout = 0 });
        _parameters = engine.CreateParameters(_graph.Parameters);
        var values = new ParityValues(_graph);
        foreach (Parameter parameter in _graph.Parameters)
        {
            _parameters.Import(parameter.Name, values.Of(parameter));
        }

        _session = engine.CreateTraining(_graph, _parameters, new TrainingSpec
        {
            Groups = [TestNetworks.AllParameters(_graph, parity.Rate, WeightDecay)],
            Optimizer = new SgdSpec { Momentum = Momentum },
            Loss = new SoftmaxCrossEntropy { LabelSmoothing = 0.1f },
            MaxBatch = parity.Batch,
        });
    }

    /// <summary>Logits in evaluation mode, <c>[batch, classes]</c>.</summary>
    public float[] Evaluate()
    {
        using IInferenceSession session = _engine.CreateInference(_graph, _parameters, _case.Batch);
        float[] input = new float[_case.Batch * session.InputShape.Count];
        FillInput(input);
        return session.Run(input).ToArray();
    }

    /// <summary>Makes one step of SGD; the first one's gradients are kept.</summary>
    /// <returns>The mean loss before the step.</returns>
    public double Step()
    {
        float[] input = new float[_case.Batch * _graph.Input.Shape.Count];
        FillInput(input);
        int[] labels = [.. Enumerable.Range(0, _case.Batch).Select(i => ((3 * i) + 1) % Classes)];
        _session.Accumulate(new HostBatch(input, Targets.Labels(labels)), _steps++);
        if (_steps == 1)
        {
            foreach (Parameter parameter in _session.Trained)
            {
                _gradients[parameter.Name] = TestNetworks.Gradient(_session, parameter);
            }
        }

        return _session.Apply(new StepSettings(1)).LossSum / _case.Batch;
    }

    /// <summary>The first step's gradients, in the outside world's order.</summary>
    public IEnumerable<(string Name, float[] Values)> Gradients() => _gradients.Select(g => (g.Key, g.Value));

    /// <summary>The momentum.</summary>
    public IEnumerable<(string Name, float[] Values)> Momenta()
    {
        Dictionary<string, OptimizerTensor> state = _session.ExportState().ToDictionary(s => s.Parameter.Name, StringComparer.Ordinal);
        return _session.Trained.Select(p => (p.Name, state[p.Name].Export()));
    }

    /// <summary>All parameters, running statistics among them.</summary>
    public IEnumerable<(string Name, float[] Values)> Weights() => _graph.Parameters.Select(p => (p.Name, _parameters.Export(p.Name)));

    public void Dispose()
    {
        _session.Dispose();
        _parameters.Dispose();
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
