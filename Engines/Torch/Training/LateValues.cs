using System.Diagnostics;
using System.Runtime.InteropServices;
using MLClassify.Engines.Torch.Devices;
using MLClassify.Engines.Torch.Parameters;
using TorchSharp;
using static TorchSharp.torch;

namespace MLClassify.Engines.Torch.Training;

/// <summary>
/// A few values that the device sends to the host while it computes on. A graphics card writes them into pinned memory in the order of its work, behind
/// them a mark by which the host sees that they have come: TorchSharp binds no events, and a plain copy would wait for all that was begun since.
/// </summary>
internal sealed class LateValues : IDisposable
{
    // Then the card is asked whether it still lives.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TorchDevice _device;
    private readonly float[] _values;
    private readonly Tensor? _pinned;
    private readonly Tensor? _mark;

    /// <summary>Prepares for some values.</summary>
    /// <param name="device">The device.</param>
    /// <param name="length">How many.</param>
    public LateValues(TorchDevice device, int length)
    {
        (_device, _values) = (device, new float[length]);
        if (device.IsCuda)
        {
            using Tensor plain = zeros([length + 1], ScalarType.Float32);
            _pinned = plain.pin_memory().DetachFromDisposeScope();
            _mark = ones([1], ScalarType.Float32, device.Handle).DetachFromDisposeScope();
        }
    }

    /// <summary>Sends values; those before have been read.</summary>
    /// <param name="values">The values on the device, in float32.</param>
    public void Begin(Tensor values)
    {
        if (_pinned is null)
        {
            HostTensors.Read(values, _values);
            return;
        }

        Mark() = 0;
        using Tensor marked = cat([values, _mark!]);
        _pinned.copy_(marked, true);
    }

    /// <summary>Waits for the values.</summary>
    /// <param name="values">Receives them.</param>
    public void Read(Span<float> values)
    {
        if (_pinned is null)
        {
            _values.CopyTo(values);
            return;
        }

        long start = Stopwatch.GetTimestamp();
        var spin = new SpinWait();
        while (Volatile.Read(ref Mark()) == 0)
        {
            spin.SpinOnce();
            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                cuda.synchronize(_device.Handle);
            }
        }

        MemoryMarshal.Cast<byte, float>(_pinned.bytes)[..values.Length].CopyTo(values);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pinned?.Dispose();
        _mark?.Dispose();
    }

    private ref float Mark() => ref MemoryMarshal.Cast<byte, float>(_pinned!.bytes)[_values.Length];
}
