using MLClassify.Engines.Cpu.Devices;
using MLClassify.Engines.Cpu.Memory;
using MLClassify.Engines.Cpu.Sessions;

namespace MLClassify.Engines.Cpu.Training;

/// <summary>What happens to gradients before a step: the mean over several batches, a check that all are finite, a limit to their norm.</summary>
internal sealed class GradientAccumulator : IDisposable
{
    private readonly IReadOnlyList<TrainedParameter> _trained;
    private readonly CpuDevice _device;
    private readonly double _clipNorm;
    private readonly Tensor[] _sums;
    private int _batches;

    /// <summary>Prepares for a session's parameters.</summary>
    /// <param name="trained">The parameters.</param>
    /// <param name="device">The engine that computes.</param>
    /// <param name="batches">The most batches whose gradients are averaged; at least 1.</param>
    /// <param name="clipNorm">The largest norm; no limit when 0.</param>
    public GradientAccumulator(IReadOnlyList<TrainedParameter> trained, CpuDevice device, int batches, double clipNorm)
    {
        (_trained, _device, _clipNorm) = (trained, device, clipNorm);
        _sums = batches > 1 ? [.. trained.Select(p => new Tensor(p.Gradient.Length))] : [];
    }

    /// <summary>Samples since the last step.</summary>
    public int Samples { get; private set; }

    /// <summary>Takes a batch's gradients.</summary>
    /// <param name="samples">Samples in the batch.</param>
    public void Add(int samples)
    {
        if (_batches > 0 && _sums.Length == 0)
        {
            throw new InvalidOperationException("The spec says that every batch makes a step of its own (AccumulationSteps is 1).");
        }

        _batches++;
        Samples += samples;
        for (int i = 0; i < _sums.Length; i++)
        {
            _device.Axpby(samples, _trained[i].Gradient.Span, _batches == 1 ? 0 : 1, _sums[i].Span);
        }
    }

    /// <summary>Writes the mean over all samples since the last step into the parameters' gradients.</summary>
    public void Average()
    {
        for (int i = 0; i < _sums.Length; i++)
        {
            _device.Axpby(1f / Samples, _sums[i].Span, 0, _trained[i].Gradient.Span);
        }
    }

    /// <summary>Forgets the batches since the last step.</summary>
    public void Clear() => (_batches, Samples) = (0, 0);

    /// <summary>Limits the gradients' norm.</summary>
    /// <param name="nonFinite">The first parameter whose gradient is not finite; null when all are.</param>
    /// <returns>The norm before it was limited; NaN where a gradient is not finite, and then nothing was changed.</returns>
    public double Clip(out string? nonFinite)
    {
        nonFinite = null;
        double squares = 0;

        // By index: an interface's enumerator lives on the managed heap, and a step allocates nothing there.
        for (int i = 0; i < _trained.Count; i++)
        {
            double own = _device.SumOfSquares(_trained[i].Gradient.Span);
            if (!double.IsFinite(own))
            {
                nonFinite = _trained[i].Parameter.Name;
                return double.NaN;
            }

            squares += own;
        }

        double norm = Math.Sqrt(squares);
        if (_clipNorm > 0 && norm > _clipNorm)
        {
            for (int i = 0; i < _trained.Count; i++)
            {
                Span<float> gradient = _trained[i].Gradient.Span;
                _device.Axpby(0, gradient, (float)(_clipNorm / norm), gradient);
            }
        }

        return norm;
    }

    public void Dispose()
    {
        foreach (Tensor sum in _sums)
        {
            sum.Dispose();
        }
    }
}
