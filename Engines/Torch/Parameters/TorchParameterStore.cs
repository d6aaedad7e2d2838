using MLClassify.Engines.Torch.Devices;
using MLClassify.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace MLClassify.Engines.Torch.Parameters;

/// <summary>
/// Parameters as float32 in one tensor on the device, whatever the precision of the arithmetic: what is trained first, in the graph's order,
/// then the running statistics.
/// </summary>
internal sealed class TorchParameterStore : ParameterStore
{
    private readonly Dictionary<string, Tensor> _values = new(StringComparer.Ordinal);

    /// <summary>Makes a store of zeros.</summary>
    /// <param name="parameters">The declarations, in the graph's order.</param>
    /// <param name="device">Where it lies.</param>
    public TorchParameterStore(IEnumerable<Parameter> parameters, TorchDevice device)
        : base(parameters)
    {
        Device = device;
        Layout = new ParameterLayout(Parameters.Where(p => p.IsTrainable).Concat(Parameters.Where(p => !p.IsTrainable)));
        using IDisposable gradients = no_grad();
        Flat = device.Guard(() => zeros([Math.Max(1, Layout.Length)], ScalarType.Float32, device.Handle)).DetachFromDisposeScope();
        foreach (Parameter parameter in Parameters)
        {
            _values.Add(parameter.Name, Layout.View(Flat, parameter).DetachFromDisposeScope());
        }
    }

    /// <summary>Where it lies.</summary>
    public TorchDevice Device { get; }

    /// <summary>Where each parameter lies in <see cref="Flat"/>.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>All values.</summary>
    public Tensor Flat { get; }

    /// <summary>A parameter's values, as operators take them; part of <see cref="Flat"/>.</summary>
    /// <param name="name">torchvision's name.</param>
    public Tensor Value(string name) => _values[name];

    /// <inheritdoc/>
    public override void Lerp(ParameterStore source, double weight)
    {
        TorchParameterStore from = Own(source);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        if (HasLayoutOf(from))
        {
            Flat.mul_((float)(1 - weight)).add_(from.Flat, (float)weight);
            return;
        }

        foreach (Parameter parameter in Parameters)
        {
            _ = from[parameter.Name];
            Value(parameter.Name).mul_((float)(1 - weight)).add_(from.Value(parameter.Name), (float)weight);
        }
    }

    /// <inheritdoc/>
    protected override void ExportCore(Parameter parameter, Span<float> values) => Layout.Export(Flat, parameter, values);

    /// <inheritdoc/>
    protected override void ImportCore(Parameter parameter, ReadOnlySpan<float> values)
    {
        using IDisposable gradients = no_grad();
        Layout.Import(Flat, parameter, values);
    }

    /// <inheritdoc/>
    protected override void CopyCore(ParameterStore source, IReadOnlyCollection<Parameter> parameters)
    {
        TorchParameterStore from = Own(source);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        foreach (Parameter parameter in parameters)
        {
            Value(parameter.Name).copy_(from.Value(parameter.Name));
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (Tensor value in _values.Values)
            {
                value.Dispose();
            }

            Flat.Dispose();
        }

        base.Dispose(disposing);
    }

    private TorchParameterStore Own(ParameterStore source) =>
        source is TorchParameterStore store && store.Device == Device
            ? store
            : throw new ArgumentException("The parameters are of another engine.", nameof(source));

    private bool HasLayoutOf(TorchParameterStore other) => Parameters.SequenceEqual(other.Parameters);
}
