using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLClassify.Imaging.Jpeg;

internal static unsafe partial class InverseDct
{
    /// <summary>Transforms one block with 8 lanes. Arguments as for <see cref="TransformScalar"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TransformVector(short* block, short* quantization, byte* destination, nint stride)
    {
        Vector128<short> row0 = Vector128.Load(block);
        Vector128<short> row1 = Vector128.Load(block + 8);
        Vector128<short> row2 = Vector128.Load(block + 16);
        Vector128<short> row3 = Vector128.Load(block + 24);
        Vector128<short> row4 = Vector128.Load(block + 32);
        Vector128<short> row5 = Vector128.Load(block + 40);
        Vector128<short> row6 = Vector128.Load(block + 48);
        Vector128<short> row7 = Vector128.Load(block + 56);
        Vector128<short> rest = row1 | row2 | row3 | row4 | row5 | row6 | row7 | row0.WithElement(0, (short)0);
        if (rest == Vector128<short>.Zero)
        {
            Fill(destination, stride, FlatSample(block[0], quantization[0]));
            return;
        }

        row0 *= Vector128.Load(quantization);
        row1 *= Vector128.Load(quantization + 8);
        row2 *= Vector128.Load(quantization + 16);
        row3 *= Vector128.Load(quantization + 24);
        row4 *= Vector128.Load(quantization + 32);
        row5 *= Vector128.Load(quantization + 40);
        row6 *= Vector128.Load(quantization + 48);
        row7 *= Vector128.Load(quantization + 56);
        Transform<Lanes128, Vector128<short>, Vector128<int>>(
            ref row0, ref row1, ref row2, ref row3, ref row4, ref row5, ref row6, ref row7);
        StoreRows(row0, row1, destination, stride);
        StoreRows(row2, row3, destination + (2 * stride), stride);
        StoreRows(row4, row5, destination + (4 * stride), stride);
        StoreRows(row6, row7, destination + (6 * stride), stride);
    }

    /// <summary>
    /// Transforms two neighboring blocks with 16 lanes: a group of eight for each. Needs AVX2. Arguments as for <see cref="TransformScalar"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TransformPair(short* blocks, short* quantization, byte* destination, nint stride)
    {
        Vector256<short> row0 = LoadPair(blocks, 0);
        Vector256<short> row1 = LoadPair(blocks, 1);
        Vector256<short> row2 = LoadPair(blocks, 2);
        Vector256<short> row3 = LoadPair(blocks, 3);
        Vector256<short> row4 = LoadPair(blocks, 4);
        Vector256<short> row5 = LoadPair(blocks, 5);
        Vector256<short> row6 = LoadPair(blocks, 6);
        Vector256<short> row7 = LoadPair(blocks, 7);
        Vector256<short> rest = row1 | row2 | row3 | row4 | row5 | row6 | row7 | (row0 & AllButDc);
        if (rest == Vector256<short>.Zero)
        {
            Fill(destination, stride, FlatSample(blocks[0], quantization[0]));
            Fill(destination + 8, stride, FlatSample(blocks[BlockSize], quantization[0]));
            return;
        }

        row0 *= LoadTwice(quantization);
        row1 *= LoadTwice(quantization + 8);
        row2 *= LoadTwice(quantization + 16);
        row3 *= LoadTwice(quantization + 24);
        row4 *= LoadTwice(quantization + 32);
        row5 *= LoadTwice(quantization + 40);
        row6 *= LoadTwice(quantization + 48);
        row7 *= LoadTwice(quantization + 56);
        Transform<Lanes256, Vector256<short>, Vector256<int>>(
            ref row0, ref row1, ref row2, ref row3, ref row4, ref row5, ref row6, ref row7);
        StoreRows(row0, row1, destination, stride);
        StoreRows(row2, row3, destination + (2 * stride), stride);
        StoreRows(row4, row5, destination + (4 * stride), stride);
        StoreRows(row6, row7, destination + (6 * stride), stride);
    }

    private static Vector256<short> AllButDc => Vector256.Create(0, -1, -1, -1, -1, -1, -1, -1, 0, -1, -1, -1, -1, -1, -1, -1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> LoadPair(short* blocks, int row) =>
        Vector256.Create(Vector128.Load(blocks + (row * 8)), Vector128.Load(blocks + BlockSize + (row * 8)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> LoadTwice(short* source) => Vector256.Create(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRows(Vector128<short> first, Vector128<short> second, byte* destination, nint stride)
    {
        Vector128<byte> samples = Vector128.NarrowWithSaturation(first, second).AsByte() ^ Vector128.Create((byte)0x80);
        Unsafe.WriteUnaligned(destination, samples.AsUInt64().GetElement(0));
        Unsafe.WriteUnaligned(destination + stride, samples.AsUInt64().GetElement(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRows(Vector256<short> first, Vector256<short> second, byte* destination, nint stride)
    {
        Vector256<byte> samples = Vector256.NarrowWithSaturation(first, second).AsByte() ^ Vector256.Create((byte)0x80);
        samples.GetLower().Store(destination);
        samples.GetUpper().Store(destination + stride);
    }

    /// <summary>Both passes over dequantized rows; leaves rows of samples less 128.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transform<TLanes, TShort, TInt>(
        ref TShort row0, ref TShort row1, ref TShort row2, ref TShort row3, ref TShort row4, ref TShort row5, ref TShort row6, ref TShort row7)
        where TLanes : ILanes<TShort, TInt>
    {
        TransformLines<TLanes, TShort, TInt>(FirstShift, ref row0, ref row1, ref row2, ref row3, ref row4, ref row5, ref row6, ref row7);
        Transpose<TLanes, TShort, TInt>(ref row0, ref row1, ref row2, ref row3, ref row4, ref row5, ref row6, ref row7);
        TransformLines<TLanes, TShort, TInt>(SecondShift, ref row0, ref row1, ref row2, ref row3, ref row4, ref row5, ref row6, ref row7);
        Transpose<TLanes, TShort, TInt>(ref row0, ref row1, ref row2, ref row3, ref row4, ref row5, ref row6, ref row7);
    }

    /// <summary>One pass over eight lines at once: line <c>i</c> has its inputs and outputs in lane <c>i</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransformLines<TLanes, TShort, TInt>(
        int shift, ref TShort in0, ref TShort in1, ref TShort in2, ref TShort in3, ref TShort in4, ref TShort in5, ref TShort in6, ref TShort in7)
        where TLanes : ILanes<TShort, TInt>
    {
        TShort z3 = TLanes.Add(in7, in3);
        TShort z4 = TLanes.Add(in5, in1);
        TShort sum = TLanes.Add(in0, in4);
        TShort difference = TLanes.Subtract(in0, in4);
        HalfLines<TLanes, TShort, TInt>(
            shift,
            TLanes.UnpackLow(TLanes.Create(0), sum), TLanes.UnpackLow(TLanes.Create(0), difference), TLanes.UnpackLow(in2, in6),
            TLanes.UnpackLow(z3, z4), TLanes.UnpackLow(in7, in1), TLanes.UnpackLow(in5, in3),
            out TInt l0, out TInt l1, out TInt l2, out TInt l3, out TInt l4, out TInt l5, out TInt l6, out TInt l7);
        HalfLines<TLanes, TShort, TInt>(
            shift,
            TLanes.UnpackHigh(TLanes.Create(0), sum), TLanes.UnpackHigh(TLanes.Create(0), difference), TLanes.UnpackHigh(in2, in6),
            TLanes.UnpackHigh(z3, z4), TLanes.UnpackHigh(in7, in1), TLanes.UnpackHigh(in5, in3),
            out TInt h0, out TInt h1, out TInt h2, out TInt h3, out TInt h4, out TInt h5, out TInt h6, out TInt h7);
        in0 = TLanes.Pack(l0, h0);
        in1 = TLanes.Pack(l1, h1);
        in2 = TLanes.Pack(l2, h2);
        in3 = TLanes.Pack(l3, h3);
        in4 = TLanes.Pack(l4, h4);
        in5 = TLanes.Pack(l5, h5);
        in6 = TLanes.Pack(l6, h6);
        in7 = TLanes.Pack(l7, h7);
    }

    /// <summary>The flow graph in 32 bits for half of the lanes. A 16-bit value in the upper half of a 32-bit lane is that value times 2^16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void HalfLines<TLanes, TShort, TInt>(
        int shift, TShort sum04, TShort difference04, TShort in26, TShort z34, TShort in71, TShort in53,
        out TInt out0, out TInt out1, out TInt out2, out TInt out3, out TInt out4, out TInt out5, out TInt out6, out TInt out7)
        where TLanes : ILanes<TShort, TInt>
    {
        TInt round = TLanes.CreateInt(1 << (shift - 1));
        TInt even2 = TLanes.MultiplyAdd(in26, TLanes.CreatePairs(F0541, F0541 - F1847));
        TInt even3 = TLanes.MultiplyAdd(in26, TLanes.CreatePairs(F0541 + F0765, F0541));
        TInt even0 = TLanes.Add(TLanes.ShiftRightArithmetic(TLanes.AsInt(sum04), 16 - ConstantBits), round);
        TInt even1 = TLanes.Add(TLanes.ShiftRightArithmetic(TLanes.AsInt(difference04), 16 - ConstantBits), round);
        TInt sum0 = TLanes.Add(even0, even3);
        TInt sum1 = TLanes.Add(even1, even2);
        TInt sum2 = TLanes.Subtract(even1, even2);
        TInt sum3 = TLanes.Subtract(even0, even3);

        TInt odd3 = TLanes.MultiplyAdd(z34, TLanes.CreatePairs(F1175 - F1961, F1175));
        TInt odd4 = TLanes.MultiplyAdd(z34, TLanes.CreatePairs(F1175, F1175 - F0390));
        TInt part0 = TLanes.Add(TLanes.MultiplyAdd(in71, TLanes.CreatePairs(F0298 - F0899, -F0899)), odd3);
        TInt part3 = TLanes.Add(TLanes.MultiplyAdd(in71, TLanes.CreatePairs(-F0899, F1501 - F0899)), odd4);
        TInt part1 = TLanes.Add(TLanes.MultiplyAdd(in53, TLanes.CreatePairs(F2053 - F2562, -F2562)), odd4);
        TInt part2 = TLanes.Add(TLanes.MultiplyAdd(in53, TLanes.CreatePairs(-F2562, F3072 - F2562)), odd3);

        out0 = TLanes.ShiftRightArithmetic(TLanes.Add(sum0, part3), shift);
        out7 = TLanes.ShiftRightArithmetic(TLanes.Subtract(sum0, part3), shift);
        out1 = TLanes.ShiftRightArithmetic(TLanes.Add(sum1, part2), shift);
        out6 = TLanes.ShiftRightArithmetic(TLanes.Subtract(sum1, part2), shift);
        out2 = TLanes.ShiftRightArithmetic(TLanes.Add(sum2, part1), shift);
        out5 = TLanes.ShiftRightArithmetic(TLanes.Subtract(sum2, part1), shift);
        out3 = TLanes.ShiftRightArithmetic(TLanes.Add(sum3, part0), shift);
        out4 = TLanes.ShiftRightArithmetic(TLanes.Subtract(sum3, part0), shift);
    }

    /// <summary>Transposes each group's 8 x 8 lanes: three perfect shuffles rotate the three bits of the row into the lane's place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose<TLanes, TShort, TInt>(
        ref TShort row0, ref TShort row1, ref TShort row2, ref TShort row3, ref TShort row4, ref TShort row5, ref TShort row6, ref TShort row7)
        where TLanes : ILanes<TShort, TInt>
    {
        for (int bit = 0; bit < 3; bit++)
        {
            TShort new0 = TLanes.UnpackLow(row0, row4);
            TShort new1 = TLanes.UnpackHigh(row0, row4);
            TShort new2 = TLanes.UnpackLow(row1, row5);
            TShort new3 = TLanes.UnpackHigh(row1, row5);
            TShort new4 = TLanes.UnpackLow(row2, row6);
            TShort new5 = TLanes.UnpackHigh(row2, row6);
            TShort new6 = TLanes.UnpackLow(row3, row7);
            TShort new7 = TLanes.UnpackHigh(row3, row7);
            row0 = new0;
            row1 = new1;
            row2 = new2;
            row3 = new3;
            row4 = new4;
            row5 = new5;
            row6 = new6;
            row7 = new7;
        }
    }
}
