using System.Buffers;
using System.Runtime.InteropServices;

namespace MLClassify.Imaging;

/// <summary>A pinned array from the shared pool, aligned to 64 bytes. Its content is what the last user left.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed unsafe class PooledBuffer<T> : IDisposable
    where T : unmanaged
{
    private const int Alignment = 64;

    // Larger arrays are not worth keeping in the pool once their image is done.
    private const long LargestPooled = 16 << 20;
    private readonly bool _pooled;
    private T[]? _array;
    private GCHandle _pin;

    /// <param name="length">Number of elements, at least 0.</param>
    public PooledBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        int extra = (Alignment + sizeof(T) - 1) / sizeof(T);
        int total = checked(length + extra);
        _pooled = (long)total * sizeof(T) <= LargestPooled;
        _array = _pooled ? ArrayPool<T>.Shared.Rent(total) : GC.AllocateUninitializedArray<T>(total);
        _pin = GCHandle.Alloc(_array, GCHandleType.Pinned);
        Length = length;
        nint start = _pin.AddrOfPinnedObject();
        Pointer = (T*)((start + Alignment - 1) & ~(nint)(Alignment - 1));
    }

    /// <summary>Number of elements that were asked for.</summary>
    public int Length { get; }

    /// <summary>The first element; valid until <see cref="Dispose"/>.</summary>
    public T* Pointer { get; private set; }

    /// <summary>All elements.</summary>
    public Span<T> Span => new(Pointer, Length);

    public void Dispose()
    {
        if (_array is null)
        {
            return;
        }

        _pin.Free();
        if (_pooled)
        {
            ArrayPool<T>.Shared.Return(_array);
        }

        _array = null;
        Pointer = null;
    }
}
