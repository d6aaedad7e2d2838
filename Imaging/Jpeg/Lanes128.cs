using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MLClassify.Imaging.Jpeg;

/// <summary>Eight 16-bit lanes: SSE2, Arm's Advanced SIMD, or whatever <see cref="Vector128"/> falls back to.</summary>
internal readonly unsafe struct Lanes128 : ILanes<Vector128<short>, Vector128<int>>
{
    public static int Count => Vector128<short>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Create(int value) => Vector128.Create((short)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> CreatePairs(int even, int odd) => Vector128.Create((odd << 16) | (even & 0xFFFF)).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> CreateInt(int value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> LoadBytes(byte* source) =>
        Vector128.WidenLower(Vector128.CreateScalar(Unsafe.ReadUnaligned<ulong>(source)).AsByte()).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Load(short* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(short* destination, Vector128<short> value) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Add(Vector128<short> a, Vector128<short> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Subtract(Vector128<short> a, Vector128<short> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Or(Vector128<short> a, Vector128<short> b) => a | b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> ShiftLeft(Vector128<short> value, int count) => value << count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> ShiftRightArithmetic(Vector128<short> value, int count) => value >> count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> MultiplyLow(Vector128<short> a, Vector128<short> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> MultiplyHigh(Vector128<short> a, Vector128<short> b) =>
        Sse2.IsSupported ? Sse2.MultiplyHigh(a, b) : MultiplyHighPortable(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> a, Vector128<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Subtract(Vector128<int> a, Vector128<int> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> ShiftRightArithmetic(Vector128<int> value, int count) => value >> count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> MultiplyAdd(Vector128<short> a, Vector128<short> b) =>
        Sse2.IsSupported ? Sse2.MultiplyAddAdjacent(a, b) : MultiplyAddPortable(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> UnpackLow(Vector128<short> a, Vector128<short> b) =>
        Sse2.IsSupported ? Sse2.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : UnpackLowPortable(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> UnpackHigh(Vector128<short> a, Vector128<short> b) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : UnpackHighPortable(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> AsInt(Vector128<short> value) => value.AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Pack(Vector128<int> low, Vector128<int> high) => Vector128.NarrowWithSaturation(low, high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ToBytes(Vector128<short> first, Vector128<short> second) =>
        Sse2.IsSupported ? Sse2.PackUnsignedSaturate(first, second) : ToBytesPortable(first, second);

    public static Vector128<byte> ToBytesPortable(Vector128<short> first, Vector128<short> second)
    {
        Vector128<short> largest = Vector128.Create((short)255);
        first = Vector128.Max(Vector128.Min(first, largest), Vector128<short>.Zero);
        second = Vector128.Max(Vector128.Min(second, largest), Vector128<short>.Zero);
        return Vector128.Narrow(first.AsUInt16(), second.AsUInt16());
    }

    public static Vector128<short> MultiplyHighPortable(Vector128<short> a, Vector128<short> b)
    {
        (Vector128<int> aLow, Vector128<int> aHigh) = Vector128.Widen(a);
        (Vector128<int> bLow, Vector128<int> bHigh) = Vector128.Widen(b);
        return Vector128.Narrow((aLow * bLow) >> 16, (aHigh * bHigh) >> 16);
    }

    public static Vector128<int> MultiplyAddPortable(Vector128<short> a, Vector128<short> b)
    {
        Vector128<int> even = ((a.AsInt32() << 16) >> 16) * ((b.AsInt32() << 16) >> 16);
        return even + ((a.AsInt32() >> 16) * (b.AsInt32() >> 16));
    }

    public static Vector128<short> UnpackLowPortable(Vector128<short> a, Vector128<short> b) =>
        (Vector128.WidenLower(a.AsUInt16()) | (Vector128.WidenLower(b.AsUInt16()) << 16)).AsInt16();

    public static Vector128<short> UnpackHighPortable(Vector128<short> a, Vector128<short> b) =>
        (Vector128.WidenUpper(a.AsUInt16()) | (Vector128.WidenUpper(b.AsUInt16()) << 16)).AsInt16();
}
