using MLClassify.Common;
using MLClassify.Graphs;

namespace MLClassify.Engines;

/// <summary>
/// The values of a graph's parameters, wherever an engine keeps them and in whatever order. <see cref="Import"/> and <see cref="Export(string)"/>
/// translate from and to the outside world's order and dimensions (torchvision's).
/// </summary>
internal abstract class ParameterStore : IDisposable
{
    private readonly Dictionary<string, Parameter> _declared = new(StringComparer.Ordinal);

    /// <summary>Keeps the declarations.</summary>
    /// <param name="parameters">The declarations, in the graph's order.</param>
    /// <exception cref="ArgumentException">Two parameters have the same name.</exception>
    protected ParameterStore(IEnumerable<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (Parameter parameter in parameters)
        {
            _declared.Add(parameter.Name, parameter);
        }
    }

    /// <summary>All declarations, in the graph's order.</summary>
    public IReadOnlyCollection<Parameter> Parameters => _declared.Values;

    /// <summary>A parameter's declaration.</summary>
    /// <param name="name">torchvision's name.</param>
    /// <exception cref="KeyNotFoundException">The name is unknown.</exception>
    public Parameter this[string name] =>
        _declared.TryGetValue(name, out Parameter? parameter) ? parameter : throw new KeyNotFoundException($"No parameter is named '{name}'.");

    /// <summary>Whether there is a parameter of this name.</summary>
    /// <param name="name">torchvision's name.</param>
    public bool Contains(string name) => _declared.ContainsKey(name);

    /// <summary>Initializes parameters; the same seed gives the same values on every machine and every engine.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="only">Restricts it to some parameters; all when null.</param>
    public void Initialize(ulong seed, Func<Parameter, bool>? only = null)
    {
        foreach (Parameter parameter in Parameters)
        {
            if (only is null || only(parameter))
            {
                float[] values = new float[parameter.Count];
                var random = new CounterRandom(seed, parameter.Name);
                parameter.Initializer.Fill(parameter, values, ref random);
                Import(parameter.Name, values);
            }
        }
    }

    /// <summary>A parameter's values in the outside world's order.</summary>
    /// <param name="name">torchvision's name.</param>
    /// <exception cref="KeyNotFoundException">The name is unknown.</exception>
    public float[] Export(string name)
    {
        float[] values = new float[this[name].Count];
        Export(name, values);
        return values;
    }

    /// <summary>Writes a parameter's values in the outside world's order.</summary>
    /// <param name="name">torchvision's name.</param>
    /// <param name="values">Receives as many values as its dimensions say.</param>
    /// <exception cref="KeyNotFoundException">The name is unknown.</exception>
    /// <exception cref="ArgumentException">The number of values is wrong.</exception>
    public void Export(string name, Span<float> values)
    {
        Parameter parameter = this[name];
        Check(parameter, values.Length, nameof(values));
        ExportCore(parameter, values);
    }

    /// <summary>Sets a parameter from values in the outside world's order.</summary>
    /// <param name="name">torchvision's name.</param>
    /// <param name="values">As many as its dimensions say.</param>
    /// <exception cref="KeyNotFoundException">The name is unknown.</exception>
    /// <exception cref="ArgumentException">The number of values is wrong.</exception>
    public void Import(string name, ReadOnlySpan<float> values)
    {
        Parameter parameter = this[name];
        Check(parameter, values.Length, nameof(values));
        ImportCore(parameter, values);
    }

    /// <summary>Sets every value from another store's of the same name.</summary>
    /// <param name="source">A store of the same engine that has every parameter of this one.</param>
    /// <exception cref="KeyNotFoundException">The source lacks a parameter.</exception>
    /// <exception cref="ArgumentException">The source is another engine's.</exception>
    public void CopyFrom(ParameterStore source)
    {
        ArgumentNullException.ThrowIfNull(source);
        RequireAll(Parameters, source);
        CopyCore(source, Parameters);
    }

    /// <summary>Writes every value into another store's of the same name; what else the other has stays.</summary>
    /// <param name="target">A store of the same engine that has every parameter of this one.</param>
    /// <exception cref="KeyNotFoundException">The target lacks a parameter.</exception>
    /// <exception cref="ArgumentException">The target is another engine's.</exception>
    public void CopyTo(ParameterStore target)
    {
        ArgumentNullException.ThrowIfNull(target);
        RequireAll(Parameters, target);
        target.CopyCore(this, Parameters);
    }

    /// <summary>Moves every value towards another store's: <c>value = (1 - weight) value + weight source</c>.</summary>
    /// <param name="source">A store of the same engine that has every parameter of this one.</param>
    /// <param name="weight">The source's share, 0..1.</param>
    /// <exception cref="ArgumentException">The source is another engine's, or lacks a parameter.</exception>
    public abstract void Lerp(ParameterStore source, double weight);

    /// <summary>Frees the values.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Writes a parameter's values; the caller has checked their number.</summary>
    /// <param name="parameter">A parameter of this store.</param>
    /// <param name="values">Receives the values in file order.</param>
    protected abstract void ExportCore(Parameter parameter, Span<float> values);

    /// <summary>Sets a parameter; the caller has checked the number of values.</summary>
    /// <param name="parameter">A parameter of this store.</param>
    /// <param name="values">The values in file order.</param>
    protected abstract void ImportCore(Parameter parameter, ReadOnlySpan<float> values);

    /// <summary>Copies some parameters' values; the caller has checked that both stores have them.</summary>
    /// <param name="source">The other store.</param>
    /// <param name="parameters">What is copied.</param>
    protected abstract void CopyCore(ParameterStore source, IReadOnlyCollection<Parameter> parameters);

    /// <summary>Frees the values.</summary>
    /// <param name="disposing">Whether called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
    }

    private static void RequireAll(IEnumerable<Parameter> parameters, ParameterStore store)
    {
        foreach (Parameter parameter in parameters)
        {
            _ = store[parameter.Name];
        }
    }

    private static void Check(Parameter parameter, int length, string argument)
    {
        if (length != parameter.Count)
        {
            throw new ArgumentException($"Parameter '{parameter.Name}' has {parameter.Count} values [{string.Join(", ", parameter.Dimensions)}], got {length}.", argument);
        }
    }
}
