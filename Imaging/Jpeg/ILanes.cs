using System.Runtime.Intrinsics;

namespace MLClassify.Imaging.Jpeg;

/// <summary>
/// The vector operations that the inverse transform, upsampling and color conversion are written in, once for all widths.
/// Unpacking and packing work within each group of 8 shorts, so that 16 lanes behave as two independent groups.
/// </summary>
/// <typeparam name="TShort">A vector of 16-bit lanes.</typeparam>
/// <typeparam name="TInt">A vector of as many bits, with 32-bit lanes.</typeparam>
internal unsafe interface ILanes<TShort, TInt>
{
    /// <summary>Number of 16-bit lanes.</summary>
    static abstract int Count { get; }

    static abstract TShort Create(int value);

    /// <summary>Alternating constants for <see cref="MultiplyAdd"/>.</summary>
    static abstract TShort CreatePairs(int even, int odd);

    static abstract TInt CreateInt(int value);

    /// <summary>Loads <see cref="Count"/> bytes and widens them.</summary>
    static abstract TShort LoadBytes(byte* source);

    static abstract TShort Load(short* source);

    static abstract void Store(short* destination, TShort value);

    static abstract TShort Add(TShort a, TShort b);

    static abstract TShort Subtract(TShort a, TShort b);

    static abstract TShort Or(TShort a, TShort b);

    static abstract TShort ShiftLeft(TShort value, int count);

    static abstract TShort ShiftRightArithmetic(TShort value, int count);

    /// <summary>The low 16 bits of the products.</summary>
    static abstract TShort MultiplyLow(TShort a, TShort b);

    /// <summary>The high 16 bits of the signed products.</summary>
    static abstract TShort MultiplyHigh(TShort a, TShort b);

    static abstract TInt Add(TInt a, TInt b);

    static abstract TInt Subtract(TInt a, TInt b);

    static abstract TInt ShiftRightArithmetic(TInt value, int count);

    /// <summary>Sums of the products of neighboring lanes: <c>a[2i] * b[2i] + a[2i + 1] * b[2i + 1]</c>.</summary>
    static abstract TInt MultiplyAdd(TShort a, TShort b);

    /// <summary>Interleaves the lower four lanes of each group.</summary>
    static abstract TShort UnpackLow(TShort a, TShort b);

    /// <summary>Interleaves the upper four lanes of each group.</summary>
    static abstract TShort UnpackHigh(TShort a, TShort b);

    /// <summary>The same bits as 32-bit lanes.</summary>
    static abstract TInt AsInt(TShort value);

    /// <summary>Narrows with signed saturation; undoes the split by <see cref="UnpackLow"/> and <see cref="UnpackHigh"/>.</summary>
    static abstract TShort Pack(TInt low, TInt high);

    /// <summary>The first 16 lanes of the two vectors, narrowed with unsigned saturation.</summary>
    static abstract Vector128<byte> ToBytes(TShort first, TShort second);
}
