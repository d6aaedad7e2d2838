using MLClassify.Common;
using MLClassify.Graphs.Devices;

namespace MLClassify.Graphs;

/// <summary>A parameter's values in a device's order.</summary>
public sealed class ParameterValue
{
    internal ParameterValue(Parameter parameter, Tensor tensor)
    {
        Parameter = parameter;
        Tensor = tensor;
    }

    /// <summary>The declaration.</summary>
    public Parameter Parameter { get; }

    /// <summary>The values, packed.</summary>
    public Tensor Tensor { get; }
}

/// <summary>
/// The values of a graph's parameters. They live in the order that the device's kernels want, also while an optimiser changes them;
/// <see cref="Export"/> and <see cref="Import"/> translate to the outside world's.
/// </summary>
public sealed class ParameterSet : IDisposable
{
    private readonly Dictionary<string, ParameterValue> _values = new(StringComparer.Ordinal);

    /// <summary>Allocates zeros for every parameter of a graph.</summary>
    /// <param name="parameters">The declarations.</param>
    /// <param name="device">Whose order the values take.</param>
    public ParameterSet(IEnumerable<Parameter> parameters, Device device)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(device);
        Device = device;
        foreach (Parameter parameter in parameters)
        {
            _values.Add(parameter.Name, new ParameterValue(parameter, new Tensor(device.PackedLength(parameter))));
        }
    }

    /// <summary>Gathers values that others own.</summary>
    internal ParameterSet(IEnumerable<ParameterValue> values, Device device)
    {
        Device = device;
        foreach (ParameterValue value in values)
        {
            _values.Add(value.Parameter.Name, value);
        }
    }

    /// <summary>Whose order the values take.</summary>
    public Device Device { get; }

    /// <summary>All parameters, in the graph's order.</summary>
    public IReadOnlyCollection<ParameterValue> Values => _values.Values;

    /// <summary>A parameter by name.</summary>
    /// <param name="name">torchvision's name.</param>
    /// <exception cref="KeyNotFoundException">There is none of this name.</exception>
    public ParameterValue this[string name] =>
        _values.TryGetValue(name, out ParameterValue? value) ? value : throw new KeyNotFoundException($"No parameter is named '{name}'.");

    /// <summary>Whether there is a parameter of this name.</summary>
    /// <param name="name">torchvision's name.</param>
    public bool Contains(string name) => _values.ContainsKey(name);

    /// <summary>Sets every parameter as a fresh network's; the same seed gives the same values on every machine.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="only">Restricts it to some parameters; all when null.</param>
    public void Initialize(ulong seed, Func<Parameter, bool>? only = null)
    {
        foreach (ParameterValue value in _values.Values)
        {
            if (only is null || only(value.Parameter))
            {
                float[] canonical = new float[value.Parameter.Count];
                var random = new CounterRandom(seed, value.Parameter.Name);
                value.Parameter.Initializer.Fill(value.Parameter, canonical, ref random);
                Import(value.Parameter.Name, canonical);
            }
        }
    }

    /// <summary>A parameter's values in the outside world's order and dimensions.</summary>
    /// <param name="name">torchvision's name.</param>
    public float[] Export(string name)
    {
        ParameterValue value = this[name];
        float[] canonical = new float[value.Parameter.Count];
        Device.Unpack(value.Parameter, value.Tensor.Span, canonical);
        return canonical;
    }

    /// <summary>Sets a parameter from values in the outside world's order.</summary>
    /// <param name="name">torchvision's name.</param>
    /// <param name="values">As many as its dimensions say.</param>
    /// <exception cref="ArgumentException">The number of values is wrong.</exception>
    public void Import(string name, ReadOnlySpan<float> values)
    {
        ParameterValue value = this[name];
        if (values.Length != value.Parameter.Count)
        {
            throw new ArgumentException($"Parameter '{name}' has {value.Parameter.Count} values [{string.Join(", ", value.Parameter.Dimensions)}], got {values.Length}.", nameof(values));
        }

        Device.Pack(value.Parameter, values, value.Tensor.Span);
    }

    /// <summary>Copies another set's values of the same names, packed as they are.</summary>
    /// <param name="source">A set on the same device that has every parameter of this one.</param>
    public void CopyFrom(ParameterSet source)
    {
        ArgumentNullException.ThrowIfNull(source);
        foreach (ParameterValue value in _values.Values)
        {
            source[value.Parameter.Name].Tensor.Span.CopyTo(value.Tensor.Span);
        }
    }

    /// <summary>Frees the values.</summary>
    public void Dispose()
    {
        foreach (ParameterValue value in _values.Values)
        {
            value.Tensor.Dispose();
        }
    }
}
