using MLClassify.Engines.Cpu.Devices;
using MLClassify.Engines.Cpu.Memory;
using MLClassify.Graphs;

namespace MLClassify.Engines.Cpu.Parameters;

/// <summary>A parameter's values in the device's order.</summary>
/// <param name="Parameter">The declaration.</param>
/// <param name="Tensor">The values, packed.</param>
internal sealed record ParameterValue(Parameter Parameter, Tensor Tensor);

/// <summary>Parameters in the order that the device's kernels want, also while an optimizer changes them.</summary>
internal sealed class CpuParameterStore : ParameterStore
{
    private readonly Dictionary<string, ParameterValue> _values;

    /// <summary>Allocates zeros.</summary>
    /// <param name="parameters">The declarations.</param>
    /// <param name="device">Whose order the values take.</param>
    public CpuParameterStore(IEnumerable<Parameter> parameters, CpuDevice device)
        : base(parameters)
    {
        ArgumentNullException.ThrowIfNull(device);
        Device = device;
        _values = Parameters.ToDictionary(p => p.Name, p => new ParameterValue(p, new Tensor(device.PackedLength(p))), StringComparer.Ordinal);
    }

    /// <summary>Gathers values that others own.</summary>
    /// <param name="values">The values.</param>
    /// <param name="device">Whose order they have.</param>
    public CpuParameterStore(IReadOnlyCollection<ParameterValue> values, CpuDevice device)
        : base(values.Select(value => value.Parameter))
    {
        Device = device;
        _values = values.ToDictionary(value => value.Parameter.Name, StringComparer.Ordinal);
    }

    /// <summary>Whose order the values take.</summary>
    public CpuDevice Device { get; }

    /// <summary>All values, in the graph's order.</summary>
    public IEnumerable<ParameterValue> Values => Parameters.Select(parameter => _values[parameter.Name]);

    /// <summary>A parameter's values.</summary>
    /// <param name="name">torchvision's name.</param>
    /// <exception cref="KeyNotFoundException">The name is unknown.</exception>
    public ParameterValue Value(string name) => _values[this[name].Name];

    /// <inheritdoc/>
    public override void Lerp(ParameterStore source, double weight)
    {
        CpuParameterStore from = On(source);
        foreach (Parameter parameter in Parameters)
        {
            Device.Axpby((float)weight, from.Value(parameter.Name).Tensor.Span, (float)(1 - weight), Value(parameter.Name).Tensor.Span);
        }
    }

    /// <inheritdoc/>
    protected override void ExportCore(Parameter parameter, Span<float> values) => Device.Unpack(parameter, Value(parameter.Name).Tensor.Span, values);

    /// <inheritdoc/>
    protected override void ImportCore(Parameter parameter, ReadOnlySpan<float> values) => Device.Pack(parameter, values, Value(parameter.Name).Tensor.Span);

    /// <inheritdoc/>
    protected override void CopyCore(ParameterStore source, IReadOnlyCollection<Parameter> parameters)
    {
        CpuParameterStore from = On(source);
        foreach (Parameter parameter in parameters)
        {
            from.Value(parameter.Name).Tensor.Span.CopyTo(Value(parameter.Name).Tensor.Span);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (ParameterValue value in _values.Values)
            {
                value.Tensor.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    // Stores of two devices of the same vector width have the same order; nothing else is promised.
    private CpuParameterStore On(ParameterStore source) =>
        source is CpuParameterStore store && store.Device == Device ? store : throw new ArgumentException("The store is another engine's.", nameof(source));
}
