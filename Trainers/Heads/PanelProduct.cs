using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MLClassify.Trainers;

/// <summary>
/// The product of a matrix and a panel: a matrix of <see cref="Width"/> columns, whose rows follow each other. Each element of the product
/// is one sum in ascending order. What is hot is compiled at once: a head is solved before the runtime would notice.
/// </summary>
internal static class PanelProduct
{
    // Six rows of two vectors and the panel's row fill 15 of 16 registers.
    private const int TileRows = 6;

    /// <summary>Columns of a panel: two vectors.</summary>
    public static int Width => 2 * Vector<float>.Count;

    /// <summary>Panels that hold a number of columns.</summary>
    public static int Panels(int columns) => (columns + Width - 1) / Width;

    /// <summary>Computes <c>product += matrix x panel</c>.</summary>
    /// <param name="matrix">Element (i, p) is at <c>i * rowStride + p * stepStride</c>.</param>
    /// <param name="rowStride">The distance from row to row.</param>
    /// <param name="stepStride">The distance from column to column.</param>
    /// <param name="rows">Rows of matrix and product.</param>
    /// <param name="depth">Columns of the matrix, rows of the panel.</param>
    /// <param name="panel">The panel, <c>[depth, Width]</c>.</param>
    /// <param name="product">The product, <c>[rows, Width]</c>, which is added to.</param>
    public static void MultiplyAdd(
        ReadOnlySpan<float> matrix, int rowStride, int stepStride, int rows, int depth, ReadOnlySpan<float> panel, Span<float> product)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(panel.Length, depth * Width);
        ArgumentOutOfRangeException.ThrowIfLessThan(product.Length, rows * Width);
        if (rows == 0 || depth == 0)
        {
            return;
        }

        ArgumentOutOfRangeException.ThrowIfLessThan((long)matrix.Length, ((rows - 1L) * rowStride) + ((depth - 1L) * stepStride) + 1);
        ref float a = ref MemoryMarshal.GetReference(matrix);
        ref float b = ref MemoryMarshal.GetReference(panel);
        ref float c = ref MemoryMarshal.GetReference(product);
        int row = 0;
        for (; row + TileRows <= rows; row += TileRows)
        {
            Six(ref Unsafe.Add(ref a, row * rowStride), rowStride, stepStride, depth, ref b, ref Unsafe.Add(ref c, row * Width));
        }

        for (; row < rows; row++)
        {
            One(ref Unsafe.Add(ref a, row * rowStride), stepStride, depth, ref b, ref Unsafe.Add(ref c, row * Width));
        }
    }

    // The caller has checked the last element that each span is read or written at.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Six(ref float a, int rowStride, int stepStride, int depth, ref float b, ref float c)
    {
        Debug.Assert(depth > 0, "checked by the caller");
        int lanes = Vector<float>.Count;
        Vector<float> c00 = Load(ref c, 0), c01 = Load(ref c, 1), c10 = Load(ref c, 2), c11 = Load(ref c, 3), c20 = Load(ref c, 4), c21 = Load(ref c, 5);
        Vector<float> c30 = Load(ref c, 6), c31 = Load(ref c, 7), c40 = Load(ref c, 8), c41 = Load(ref c, 9), c50 = Load(ref c, 10), c51 = Load(ref c, 11);
        nint r1 = rowStride, r2 = 2 * r1, r3 = 3 * r1, r4 = 4 * r1, r5 = 5 * r1;
        for (int p = 0; p < depth; p++)
        {
            Vector<float> b0 = Vector.LoadUnsafe(ref b);
            Vector<float> b1 = Vector.LoadUnsafe(ref b, (nuint)lanes);
            var x = new Vector<float>(a);
            c00 = Vector.MultiplyAddEstimate(x, b0, c00);
            c01 = Vector.MultiplyAddEstimate(x, b1, c01);
            x = new Vector<float>(Unsafe.Add(ref a, r1));
            c10 = Vector.MultiplyAddEstimate(x, b0, c10);
            c11 = Vector.MultiplyAddEstimate(x, b1, c11);
            x = new Vector<float>(Unsafe.Add(ref a, r2));
            c20 = Vector.MultiplyAddEstimate(x, b0, c20);
            c21 = Vector.MultiplyAddEstimate(x, b1, c21);
            x = new Vector<float>(Unsafe.Add(ref a, r3));
            c30 = Vector.MultiplyAddEstimate(x, b0, c30);
            c31 = Vector.MultiplyAddEstimate(x, b1, c31);
            x = new Vector<float>(Unsafe.Add(ref a, r4));
            c40 = Vector.MultiplyAddEstimate(x, b0, c40);
            c41 = Vector.MultiplyAddEstimate(x, b1, c41);
            x = new Vector<float>(Unsafe.Add(ref a, r5));
            c50 = Vector.MultiplyAddEstimate(x, b0, c50);
            c51 = Vector.MultiplyAddEstimate(x, b1, c51);
            a = ref Unsafe.Add(ref a, stepStride);
            b = ref Unsafe.Add(ref b, 2 * lanes);
        }

        Store(ref c, 0, c00, c01);
        Store(ref c, 1, c10, c11);
        Store(ref c, 2, c20, c21);
        Store(ref c, 3, c30, c31);
        Store(ref c, 4, c40, c41);
        Store(ref c, 5, c50, c51);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(ref float a, int stepStride, int depth, ref float b, ref float c)
    {
        int lanes = Vector<float>.Count;
        Vector<float> c0 = Load(ref c, 0), c1 = Load(ref c, 1);
        for (int p = 0; p < depth; p++)
        {
            var x = new Vector<float>(a);
            c0 = Vector.MultiplyAddEstimate(x, Vector.LoadUnsafe(ref b), c0);
            c1 = Vector.MultiplyAddEstimate(x, Vector.LoadUnsafe(ref b, (nuint)lanes), c1);
            a = ref Unsafe.Add(ref a, stepStride);
            b = ref Unsafe.Add(ref b, 2 * lanes);
        }

        Store(ref c, 0, c0, c1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Load(ref float c, int vector) => Vector.LoadUnsafe(ref c, (nuint)(vector * Vector<float>.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ref float c, int row, Vector<float> first, Vector<float> second)
    {
        nuint start = (nuint)(row * Width);
        first.StoreUnsafe(ref c, start);
        second.StoreUnsafe(ref c, start + (nuint)Vector<float>.Count);
    }
}
