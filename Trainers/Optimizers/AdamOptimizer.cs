using MLClassify.Graphs;
using MLClassify.Graphs.Devices;
using MLClassify.Graphs.Sessions;
using MLClassify.Kernels;

namespace MLClassify.Trainers;

/// <summary>Adam (Kingma and Ba 2015, arXiv:1412.6980), or AdamW (Loshchilov and Hutter 2019, arXiv:1711.05101).</summary>
public sealed class AdamOptimizer : Optimizer
{
    private readonly Tensor[] _first;
    private readonly Tensor[] _second;

    /// <summary>Keeps groups; both moments start at zero.</summary>
    /// <param name="device">What computes.</param>
    /// <param name="groups">The parameters.</param>
    public AdamOptimizer(Device device, IReadOnlyList<ParameterGroup> groups)
        : base(device, groups)
    {
        _first = AllocateState("first");
        _second = AllocateState("second");
    }

    /// <summary>The first moment's factor. Default 0.9; in [0, 1).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>The second moment's factor. Default 0.999; in [0, 1).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment. Default 1e-8; above 0.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Whether the decay is taken off the weight (AdamW) instead of added to its gradient. Default false.</summary>
    public bool Decoupled { get; init; }

    /// <inheritdoc/>
    protected override void Update(TrainedParameter parameter, int index, double rate, double weightDecay, double? momentum)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        double beta1 = momentum ?? Beta1;
        var step = new AdamStep(
            (float)rate,
            (float)beta1,
            (float)Beta2,
            (float)Epsilon,
            (float)weightDecay,
            Decoupled,
            (float)(1 - Math.Pow(beta1, Steps)),
            (float)(1 - Math.Pow(Beta2, Steps)));
        Device.AdamStep(step, parameter.Value.Span, parameter.Gradient.Span, _first[index].Span, _second[index].Span);
    }
}
