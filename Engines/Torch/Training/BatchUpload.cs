using System.Runtime.InteropServices;
using MLClassify.Engines.Torch.Devices;
using MLClassify.Engines.Torch.Parameters;
using MLClassify.Graphs;
using static TorchSharp.torch;

namespace MLClassify.Engines.Torch.Training;

/// <summary>
/// Brings batches to the device. For a graphics card they are copied into pinned memory, from which the card fetches them while it still
/// computes; there are two such buffers, so that the third batch since the host last waited waits.
/// </summary>
internal sealed class BatchUpload : IDisposable
{
    /// <summary>Buffers in pinned memory.</summary>
    public const int Buffers = 2;

    private readonly TorchDevice _device;
    private readonly Shape _shape;
    private readonly Tensor[] _pinned = [];
    private int _next;

    /// <summary>Prepares for batches.</summary>
    public BatchUpload(TorchDevice device, Shape shape, int maxBatch)
    {
        (_device, _shape) = (device, shape);
        if (device.IsCuda)
        {
            _pinned = [.. Enumerable.Range(0, Buffers).Select(_ => Pinned(maxBatch))];
        }
    }

    /// <summary>Sends a batch.</summary>
    /// <param name="inputs">Whole samples.</param>
    /// <param name="samples">Their number.</param>
    /// <param name="mayWait">Whether both buffers may still be read by the card.</param>
    /// <returns><c>[N, H, W, C]</c> on the device; the caller's.</returns>
    public Tensor Send(ReadOnlySpan<float> inputs, int samples, bool mayWait)
    {
        if (_pinned.Length == 0)
        {
            Tensor host = HostTensors.From(inputs, samples, _shape.Height, _shape.Width, _shape.Channels);
            if (_device.IsCpu)
            {
                return host;
            }

            using (host)
            {
                return host.to(_device.Handle, copy: true);
            }
        }

        if (mayWait)
        {
            cuda.synchronize(_device.Handle);
        }

        Tensor buffer = _pinned[_next];
        _next = (_next + 1) % Buffers;
        MemoryMarshal.AsBytes(inputs).CopyTo(buffer.bytes);
        using Tensor part = buffer.narrow(0, 0, samples);
        return part.to(_device.Handle, copy: true, non_blocking: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor buffer in _pinned)
        {
            buffer.Dispose();
        }
    }

    private Tensor Pinned(int maxBatch)
    {
        using Tensor plain = empty([maxBatch, _shape.Height, _shape.Width, _shape.Channels], ScalarType.Float32);
        return plain.pin_memory().DetachFromDisposeScope();
    }
}
