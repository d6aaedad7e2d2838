using MLClassify.Graphs;

namespace MLClassify.Engines;

/// <summary>Parameters in plain arrays, in the outside world's order: for files and conversions that need no engine.</summary>
/// <param name="parameters">The declarations.</param>
/// <exception cref="ArgumentException">Two parameters have the same name.</exception>
internal sealed class HostParameterStore(IEnumerable<Parameter> parameters) : ParameterStore(parameters)
{
    private readonly Dictionary<string, float[]> _values = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override void Lerp(ParameterStore source, double weight)
    {
        ArgumentNullException.ThrowIfNull(source);
        foreach (Parameter parameter in Parameters)
        {
            float[] from = source.Export(parameter.Name);
            float[] to = Values(parameter);
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = ((float)weight * from[i]) + ((float)(1 - weight) * to[i]);
            }
        }
    }

    /// <inheritdoc/>
    protected override void ExportCore(Parameter parameter, Span<float> values) => Values(parameter).CopyTo(values);

    /// <inheritdoc/>
    protected override void ImportCore(Parameter parameter, ReadOnlySpan<float> values) => values.CopyTo(Values(parameter));

    /// <inheritdoc/>
    protected override void CopyCore(ParameterStore source, IReadOnlyCollection<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (Parameter parameter in parameters)
        {
            source.Export(parameter.Name, Values(parameter));
        }
    }

    private float[] Values(Parameter parameter)
    {
        if (!_values.TryGetValue(parameter.Name, out float[]? values))
        {
            _values[parameter.Name] = values = new float[parameter.Count];
        }

        return values;
    }
}
