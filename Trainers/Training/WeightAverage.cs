using MLClassify.Engines;
using MLClassify.Graphs;

namespace MLClassify.Trainers;

/// <summary>
/// The exponential moving average of a network's values, running statistics among them (Polyak and Juditsky 1992). The decay at step n is at
/// most <c>(1 + n) / (10 + n)</c>, so that the random initial values are soon forgotten.
/// </summary>
internal sealed class WeightAverage : IDisposable
{
    private readonly double _decay;
    private readonly ParameterStore _source;

    /// <summary>Starts with the values as they are.</summary>
    /// <param name="engine">The engine that computes.</param>
    /// <param name="declared">The parameters that are averaged.</param>
    /// <param name="source">Their values, which training changes: a set that has every averaged parameter.</param>
    /// <param name="decay">The decay; in [0, 1).</param>
    public WeightAverage(Engine engine, IEnumerable<Parameter> declared, ParameterStore source, double decay)
    {
        _decay = decay;
        _source = source;
        Values = engine.CreateParameters(declared);
        Values.CopyFrom(source);
    }

    /// <summary>The average.</summary>
    public ParameterStore Values { get; }

    /// <summary>Steps averaged.</summary>
    public long Steps { get; set; }

    /// <summary>Takes the values after a step.</summary>
    public void Add()
    {
        Steps++;
        double decay = Math.Min(_decay, (1.0 + Steps) / (10.0 + Steps));
        Values.Lerp(_source, 1 - decay);
    }

    public void Dispose() => Values.Dispose();
}
