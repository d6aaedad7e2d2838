using System.Runtime.InteropServices;
using MLClassify.Engines.Cpu.Kernels;

namespace MLClassify.Engines.Cpu.Tests.Support;

/// <summary>
/// A map that is a slice of a wider buffer: whatever is not the slice holds one canary value, NaN unless said otherwise, so that a read
/// of it shows in the result and a write to it shows in <see cref="AssertSurroundingsUntouched"/>.
/// </summary>
internal sealed unsafe class Map : IDisposable
{
    // More than a full panel of the widest vectors.
    private const int Guard = 80;

    private readonly float* _buffer;
    private readonly int _length;
    private readonly int _canary;

    /// <summary>Allocates a slice.</summary>
    /// <param name="rows">Positions.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="gap">Values between one position's channels and the next's.</param>
    public Map(int rows, int channels, int gap = 0)
    {
        Rows = rows;
        Channels = channels;
        Stride = channels + gap;
        _length = (rows * Stride) + (2 * Guard);
        _buffer = (float*)NativeMemory.AlignedAlloc((nuint)_length * sizeof(float), 64);
        _canary = BitConverter.SingleToInt32Bits(float.NaN) ^ 0x5A5A;
        new Span<float>(_buffer, _length).Fill(BitConverter.Int32BitsToSingle(_canary));
    }

    public int Rows { get; }

    public int Channels { get; }

    public int Stride { get; }

    public float* Data => _buffer + Guard;

    public MapPointer Pointer => new(Data, Stride);

    public float this[int row, int channel]
    {
        get => Data[((long)row * Stride) + channel];
        set => Data[((long)row * Stride) + channel] = value;
    }

    /// <summary>A slice of seeded values, uniform in <c>[-1, 1)</c>.</summary>
    public static Map Random(int seed, int rows, int channels, int gap = 0)
    {
        var map = new Map(rows, channels, gap);
        var random = new Random(seed);
        map.Fill((_, _) => (float)((2 * random.NextDouble()) - 1));
        return map;
    }

    public void Fill(Func<int, int, float> value)
    {
        for (int row = 0; row < Rows; row++)
        {
            for (int channel = 0; channel < Channels; channel++)
            {
                this[row, channel] = value(row, channel);
            }
        }
    }

    /// <summary>The slice's values without what lies around them.</summary>
    public float[] ToArray()
    {
        float[] values = new float[Rows * Channels];
        for (int row = 0; row < Rows; row++)
        {
            new ReadOnlySpan<float>(Data + ((long)row * Stride), Channels).CopyTo(values.AsSpan(row * Channels));
        }

        return values;
    }

    public void AssertSurroundingsUntouched()
    {
        for (int i = 0; i < _length; i++)
        {
            int place = i - Guard;
            bool inside = place >= 0 && place < Rows * Stride && place % Stride < Channels;
            if (!inside && BitConverter.SingleToInt32Bits(_buffer[i]) != _canary)
            {
                Assert.Fail($"value {place} beside a slice of {Rows} x {Channels}, stride {Stride}, was overwritten with {_buffer[i]}");
            }
        }
    }

    public void Dispose() => NativeMemory.AlignedFree(_buffer);
}
