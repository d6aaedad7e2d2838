using MLClassify.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace MLClassify.Engines.Torch.Parameters;

/// <summary>
/// Where parameters lie in one flat tensor, and in which order: filters as <c>[out, height, width, in]</c>, which libtorch sees as
/// channels-last; the matrix of a flattened map with rows, columns, channels; everything else as in the outside world.
/// </summary>
/// <remarks>One tensor for all, so that an optimizer's step is a few operations and not some for each parameter.</remarks>
internal sealed class ParameterLayout
{
    // A multiple of 64 bytes, as kernels like it; what lies between stays zero.
    private const long Alignment = 16;

    private readonly Dictionary<string, long> _offsets = new(StringComparer.Ordinal);

    /// <summary>Places parameters one after the other.</summary>
    /// <param name="parameters">The parameters, in order.</param>
    public ParameterLayout(IEnumerable<Parameter> parameters)
    {
        foreach (Parameter parameter in parameters)
        {
            _offsets.Add(parameter.Name, Length);
            Length += Padded(parameter);
        }
    }

    /// <summary>Values in the flat tensor.</summary>
    public long Length { get; private set; }

    /// <summary>Values that a parameter takes in a flat tensor.</summary>
    public static long Padded(Parameter parameter) => (parameter.Count + Alignment - 1) / Alignment * Alignment;

    /// <summary>Where a parameter begins.</summary>
    public long OffsetOf(Parameter parameter) => _offsets[parameter.Name];

    /// <summary>A parameter's part of a flat tensor of this layout, in the dimensions that operators take.</summary>
    /// <param name="flat">The flat tensor.</param>
    /// <param name="parameter">The parameter.</param>
    public Tensor View(Tensor flat, Parameter parameter)
    {
        using Tensor part = flat.narrow(0, OffsetOf(parameter), parameter.Count);
        if (parameter.Role != ParameterRole.ConvolutionWeight)
        {
            return part.view([.. parameter.Dimensions.Select(d => (long)d)]);
        }

        IReadOnlyList<int> d = parameter.Dimensions;
        using Tensor filters = part.view(d[0], d[2], d[3], d[1]);
        return filters.permute(0, 3, 1, 2);
    }

    /// <summary>Sets a parameter from values in the outside world's order.</summary>
    public void Import(Tensor flat, Parameter parameter, ReadOnlySpan<float> values)
    {
        using DisposeScope scope = NewDisposeScope();
        (long outer, long channels, long positions) = Orders(parameter);
        Tensor outside = HostTensors.From(values, outer, channels, positions);
        flat.narrow(0, OffsetOf(parameter), parameter.Count).view(outer, positions, channels).copy_(outside.transpose(1, 2));
    }

    /// <summary>Writes a parameter in the outside world's order.</summary>
    public void Export(Tensor flat, Parameter parameter, Span<float> values)
    {
        using DisposeScope scope = NewDisposeScope();
        (long outer, long channels, long positions) = Orders(parameter);
        Tensor inside = flat.narrow(0, OffsetOf(parameter), parameter.Count).view(outer, positions, channels);
        HostTensors.Read(inside.cpu().transpose(1, 2), values);
    }

    // Outside: outer, channels, positions; inside: outer, positions, channels.
    private static (long Outer, long Channels, long Positions) Orders(Parameter parameter)
    {
        IReadOnlyList<int> d = parameter.Dimensions;
        return parameter switch
        {
            { Role: ParameterRole.ConvolutionWeight } => (d[0], d[1], (long)d[2] * d[3]),
            { FlattenedFrom: { } map } => (d[0], map.Channels, map.Pixels),
            _ => (1, 1, parameter.Count),
        };
    }
}
