using System.Runtime.InteropServices;
using MLClassify.Engines.Cpu.Kernels;

namespace MLClassify.Engines.Cpu.Memory;

/// <summary>A block of float32 in native memory, aligned to 64 bytes, zeroed at creation.</summary>
internal sealed unsafe class Tensor : IDisposable
{
    private const int Alignment = 64;
    private float* _data;

    /// <summary>Allocates zeros.</summary>
    /// <param name="length">The number of values.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    public Tensor(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;

        // One vector more than asked for: a kernel may read, never use, the lanes past the end.
        nuint bytes = checked((nuint)length * sizeof(float)) + Alignment;
        _data = (float*)NativeBlock.Allocate(bytes);
        NativeMemory.Clear(_data, bytes);
        GC.AddMemoryPressure((long)bytes);
    }

    /// <summary>Frees the memory of a tensor that was not disposed.</summary>
    ~Tensor() => Free();

    /// <summary>The number of values.</summary>
    public long Length { get; }

    /// <summary>The first value's address, aligned to 64 bytes.</summary>
    /// <exception cref="ObjectDisposedException">The tensor was disposed.</exception>
    public float* Data
    {
        get
        {
            ObjectDisposedException.ThrowIf(_data is null, this);
            return _data;
        }
    }

    /// <summary>All values.</summary>
    /// <exception cref="OverflowException">There are more than <see cref="int.MaxValue"/> values.</exception>
    public Span<float> Span => new(Data, checked((int)Length));

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_data is not null)
        {
            NativeBlock.Free(_data);
            _data = null;
            GC.RemoveMemoryPressure(checked((Length * sizeof(float)) + Alignment));
        }
    }
}
