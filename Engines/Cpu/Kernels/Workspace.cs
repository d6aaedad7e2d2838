namespace MLClassify.Engines.Cpu.Kernels;

/// <summary>
/// Scratch memory for one operation at a time. It grows while the first step finds out how much is needed and allocates nothing after.
/// </summary>
internal sealed unsafe class Workspace : IDisposable
{
    private const nuint Alignment = 64;
    private readonly List<(nint Address, nuint Length)> _outgrown = [];
    private byte* _block;
    private nuint _length;
    private nuint _used;

    /// <summary>Frees memory that was not disposed.</summary>
    ~Workspace() => Free();

    /// <summary>Gives everything back; addresses handed out before are void.</summary>
    public void Reset()
    {
        if (_outgrown.Count > 0)
        {
            nuint total = _length;
            foreach ((nint address, nuint length) in _outgrown)
            {
                NativeBlock.Free((void*)address);
                total += length;
            }

            _outgrown.Clear();
            NativeBlock.Free(_block);
            _block = (byte*)NativeBlock.Allocate(total);
            _length = total;
        }

        _used = 0;
    }

    /// <summary>Hands out memory, aligned to 64 bytes, content undefined, valid until <see cref="Reset"/>.</summary>
    /// <typeparam name="T">What lies there.</typeparam>
    /// <param name="count">How many.</param>
    public T* Take<T>(long count)
        where T : unmanaged
        => (T*)TakeBytes(checked((nuint)count * (nuint)sizeof(T)));

    /// <summary>Hands out an array of addresses.</summary>
    /// <param name="count">How many.</param>
    public float** TakePointers(long count) => (float**)TakeBytes(checked((nuint)count * (nuint)sizeof(float*)));

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void* TakeBytes(nuint bytes)
    {
        bytes = (bytes + (2 * Alignment) - 1) & ~(Alignment - 1);
        if (_used + bytes > _length)
        {
            if (_block is not null)
            {
                _outgrown.Add(((nint)_block, _length));
            }

            _length = Math.Max(bytes, 1 << 20);
            _block = (byte*)NativeBlock.Allocate(_length);
            _used = 0;
        }

        byte* address = _block + _used;
        _used += bytes;
        return address;
    }

    private void Free()
    {
        foreach ((nint address, nuint _) in _outgrown)
        {
            NativeBlock.Free((void*)address);
        }

        _outgrown.Clear();
        NativeBlock.Free(_block);
        _block = null;
        _length = 0;
    }
}
