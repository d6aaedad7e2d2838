using MLClassify.Graphs;

namespace MLClassify.Trainers;

/// <summary>
/// The exponential moving average of a network's values, running statistics among them (Polyak and Juditsky 1992). The decay at step n is at
/// most <c>(1 + n) / (10 + n)</c>, so that chance's first values are forgotten soon.
/// </summary>
internal sealed class WeightAverage : IDisposable
{
    private readonly double _decay;
    private readonly (Tensor From, Tensor To)[] _pairs;

    /// <summary>Starts with the values as they are.</summary>
    /// <param name="declared">The parameters that are averaged.</param>
    /// <param name="source">Their values, which training changes: a set that has every averaged parameter.</param>
    /// <param name="decay">The decay; in [0, 1).</param>
    public WeightAverage(IEnumerable<Parameter> declared, ParameterSet source, double decay)
    {
        _decay = decay;
        Values = new ParameterSet(declared, source.Device);
        Values.CopyFrom(source);
        _pairs = [.. Values.Values.Select(value => (source[value.Parameter.Name].Tensor, value.Tensor))];
    }

    /// <summary>The average.</summary>
    public ParameterSet Values { get; }

    /// <summary>Steps averaged.</summary>
    public long Steps { get; set; }

    /// <summary>Takes the values after a step.</summary>
    public void Add()
    {
        Steps++;
        double decay = Math.Min(_decay, (1.0 + Steps) / (10.0 + Steps));
        foreach ((Tensor from, Tensor to) in _pairs)
        {
            Values.Device.Combine((float)(1 - decay), from.Span, (float)decay, to.Span);
        }
    }

    public void Dispose() => Values.Dispose();
}
