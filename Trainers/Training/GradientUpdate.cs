using MLClassify.Graphs;
using MLClassify.Graphs.Devices;
using MLClassify.Graphs.Sessions;

namespace MLClassify.Trainers;

/// <summary>What happens between a batch's gradients and the optimiser's step: averaging over several batches, a limit to the norm, a look at whether all is finite.</summary>
internal sealed class GradientUpdate : IDisposable
{
    private readonly IReadOnlyList<TrainedParameter> _trained;
    private readonly Device _device;
    private readonly Optimizer _optimizer;
    private readonly int _batches;
    private readonly double _clipNorm;
    private readonly Tensor[] _sums;
    private int _added;
    private long _samples;

    /// <summary>Prepares for a session's parameters.</summary>
    /// <param name="trained">The parameters.</param>
    /// <param name="device">What computes.</param>
    /// <param name="optimizer">Makes the steps.</param>
    /// <param name="batches">Batches whose gradients are averaged; at least 1.</param>
    /// <param name="clipNorm">The largest norm; no limit when 0.</param>
    public GradientUpdate(IReadOnlyList<TrainedParameter> trained, Device device, Optimizer optimizer, int batches, double clipNorm)
    {
        (_trained, _device, _optimizer, _batches, _clipNorm) = (trained, device, optimizer, batches, clipNorm);
        _sums = batches > 1 ? [.. trained.Select(p => new Tensor(p.Gradient.Length))] : [];
    }

    /// <summary>Whether no gradient waits for others.</summary>
    public bool IsClear => _added == 0;

    /// <summary>The gradients' norm at the last step, before it was limited.</summary>
    public double Norm { get; private set; }

    /// <summary>Takes a batch's gradients.</summary>
    /// <param name="samples">Samples in the batch.</param>
    /// <returns>Whether it is time for a step; at an epoch's end it is with fewer batches, too.</returns>
    public bool Add(int samples)
    {
        _added++;
        _samples += samples;
        for (int i = 0; i < _sums.Length; i++)
        {
            _device.Combine(samples, _trained[i].Gradient.Span, _added == 1 ? 0 : 1, _sums[i].Span);
        }

        return _added == _batches;
    }

    /// <summary>Makes a step.</summary>
    /// <param name="point">What the schedule says about it.</param>
    /// <param name="factor">Another factor of the rate.</param>
    /// <returns>Null, or the name of the first parameter whose gradient is not finite: then there was no step.</returns>
    public string? Step(SchedulePoint point, double factor = 1)
    {
        for (int i = 0; i < _sums.Length; i++)
        {
            _device.Combine(1f / _samples, _sums[i].Span, 0, _trained[i].Gradient.Span);
        }

        (_added, _samples) = (0, 0);
        double squares = 0;

        // By index: an interface's enumerator lives on the managed heap, and a step allocates nothing there.
        for (int i = 0; i < _trained.Count; i++)
        {
            double own = _device.SumOfSquares(_trained[i].Gradient.Span);
            if (!double.IsFinite(own))
            {
                return _trained[i].Parameter.Name;
            }

            squares += own;
        }

        Norm = Math.Sqrt(squares);
        if (_clipNorm > 0 && Norm > _clipNorm)
        {
            for (int i = 0; i < _trained.Count; i++)
            {
                Span<float> gradient = _trained[i].Gradient.Span;
                _device.Combine(0, gradient, (float)(_clipNorm / Norm), gradient);
            }
        }

        _optimizer.Step(point with { RateFactor = point.RateFactor * factor });
        return null;
    }

    public void Dispose()
    {
        foreach (Tensor sum in _sums)
        {
            sum.Dispose();
        }
    }
}
