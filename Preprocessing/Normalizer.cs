using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLClassify.Preprocessing;

/// <summary>
/// <c>(byte * scale - mean) / std</c> for each channel, as one multiplication and one addition. They are not fused, so that every
/// machine gives the same bits.
/// </summary>
internal sealed class Normalizer
{
    // Three vectors of eight hold eight pixels: the shortest run after which the pattern of channels repeats.
    private const int Run = 24;

    private readonly float[] _factors = new float[Run];
    private readonly float[] _offsets = new float[Run];
    private readonly bool _swap;

    public Normalizer(PreprocessingSpec spec)
    {
        _swap = spec.ChannelOrder == ChannelOrder.Bgr;
        float[] mean = spec.Mean.ToArray();
        float[] std = spec.Std.ToArray();
        if (_swap)
        {
            Array.Reverse(mean);
            Array.Reverse(std);
        }

        for (int i = 0; i < Run; i++)
        {
            _factors[i] = (float)((double)spec.Scale / std[i % 3]);
            _offsets[i] = (float)(-(double)mean[i % 3] / std[i % 3]);
        }
    }

    /// <summary>Writes as many numbers as there are bytes; the bytes' channels may be left reversed.</summary>
    public void Apply(Span<byte> pixels, Span<float> destination)
    {
        if (_swap)
        {
            for (int i = 0; i < pixels.Length; i += 3)
            {
                (pixels[i], pixels[i + 2]) = (pixels[i + 2], pixels[i]);
            }
        }

        int x = Vector256.IsHardwareAccelerated || Vector128.IsHardwareAccelerated ? ApplyVector(pixels, destination[..pixels.Length]) : 0;
        for (; x < pixels.Length; x++)
        {
            destination[x] = (pixels[x] * _factors[x % Run]) + _offsets[x % Run];
        }
    }

    // Reads 8 bytes and writes 8 floats at a time; i + 24 <= length holds for each run of three, so all stay within.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int ApplyVector(ReadOnlySpan<byte> pixels, Span<float> destination)
    {
        Vector256<float> factor0 = Vector256.Create<float>(_factors.AsSpan(0, 8));
        Vector256<float> factor1 = Vector256.Create<float>(_factors.AsSpan(8, 8));
        Vector256<float> factor2 = Vector256.Create<float>(_factors.AsSpan(16, 8));
        Vector256<float> offset0 = Vector256.Create<float>(_offsets.AsSpan(0, 8));
        Vector256<float> offset1 = Vector256.Create<float>(_offsets.AsSpan(8, 8));
        Vector256<float> offset2 = Vector256.Create<float>(_offsets.AsSpan(16, 8));
        int i = 0;
        for (; i <= pixels.Length - Run; i += Run)
        {
            ReadOnlySpan<byte> source = pixels.Slice(i, Run);
            Span<float> target = destination.Slice(i, Run);
            ((ToFloats(source) * factor0) + offset0).CopyTo(target);
            ((ToFloats(source[8..]) * factor1) + offset1).CopyTo(target[8..]);
            ((ToFloats(source[16..]) * factor2) + offset2).CopyTo(target[16..]);
        }

        return i;
    }

    private static Vector256<float> ToFloats(ReadOnlySpan<byte> source)
    {
        Vector128<byte> bytes = Vector128.CreateScalar(MemoryMarshal.Read<ulong>(source)).AsByte();
        (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(Vector128.WidenLower(bytes));
        return Vector256.ConvertToSingle(Vector256.Create(low, high).AsInt32());
    }
}
