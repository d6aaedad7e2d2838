namespace MLClassify.Engines.Cpu.Kernels.Simd;

/// <summary>
/// One vector width. A kernel is written once against this and compiled for each width: calls resolve at compile time and inline.
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
internal unsafe interface ISimd<TVector>
    where TVector : struct
{
    /// <summary>The width's name in reports.</summary>
    static abstract SimdLevel Level { get; }

    /// <summary>Floats in a vector.</summary>
    static abstract int Width { get; }

    /// <summary>Vectors side by side in a matrix tile: 4 where there are 32 registers, 2 where there are 16.</summary>
    static abstract int PanelVectors { get; }

    /// <summary>All lanes zero.</summary>
    static abstract TVector Zero { get; }

    /// <summary>All lanes the same.</summary>
    /// <param name="value">The value.</param>
    static abstract TVector Broadcast(float value);

    /// <summary>Reads a vector, aligned or not.</summary>
    /// <param name="source">The first lane.</param>
    static abstract TVector Load(float* source);

    /// <summary>Writes a vector, aligned or not.</summary>
    /// <param name="value">The vector.</param>
    /// <param name="destination">The first lane.</param>
    static abstract void Store(TVector value, float* destination);

    /// <summary>Stores a vector past the caches, where the processor can; the address must be aligned to the vector.</summary>
    /// <param name="value">The vector.</param>
    /// <param name="destination">The destination.</param>
    static abstract void StoreStreaming(TVector value, float* destination);

    /// <summary><c>a * b + c</c>, fused where the processor can.</summary>
    /// <param name="a">A factor.</param>
    /// <param name="b">A factor.</param>
    /// <param name="c">The summand.</param>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>Lane-wise sum.</summary>
    /// <param name="a">Left.</param>
    /// <param name="b">Right.</param>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary>Lane-wise difference.</summary>
    /// <param name="a">Left.</param>
    /// <param name="b">Right.</param>
    static abstract TVector Subtract(TVector a, TVector b);

    /// <summary>Lane-wise product.</summary>
    /// <param name="a">Left.</param>
    /// <param name="b">Right.</param>
    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>Lane-wise quotient.</summary>
    /// <param name="a">Left.</param>
    /// <param name="b">Right.</param>
    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>Lane-wise square root.</summary>
    /// <param name="a">The operand.</param>
    static abstract TVector Sqrt(TVector a);

    /// <summary>Lane-wise larger value; NaN in either lane gives NaN.</summary>
    /// <param name="a">Left.</param>
    /// <param name="b">Right.</param>
    static abstract TVector Max(TVector a, TVector b);

    /// <summary>Lane-wise smaller value; NaN in either lane gives NaN.</summary>
    /// <param name="a">Left.</param>
    /// <param name="b">Right.</param>
    static abstract TVector Min(TVector a, TVector b);

    /// <summary>Lane by lane, <c>a &gt; b ? whenTrue : whenFalse</c>.</summary>
    /// <param name="a">Left.</param>
    /// <param name="b">Right.</param>
    /// <param name="whenTrue">Taken where greater.</param>
    /// <param name="whenFalse">Taken elsewhere.</param>
    static abstract TVector SelectGreater(TVector a, TVector b, TVector whenTrue, TVector whenFalse);

    /// <summary>Lane by lane, <c>a == b ? whenTrue : whenFalse</c>.</summary>
    /// <param name="a">Left.</param>
    /// <param name="b">Right.</param>
    /// <param name="whenTrue">Taken where equal.</param>
    /// <param name="whenFalse">Taken elsewhere.</param>
    static abstract TVector SelectEqual(TVector a, TVector b, TVector whenTrue, TVector whenFalse);
}

/// <summary>The vector widths that kernels are compiled for.</summary>
internal enum SimdLevel
{
    /// <summary>One float at a time.</summary>
    Scalar,

    /// <summary>128 bits: SSE, Arm NEON.</summary>
    Vector128,

    /// <summary>256 bits: AVX2 with fused multiply-add.</summary>
    Vector256,

    /// <summary>512 bits: AVX-512.</summary>
    Vector512,
}
