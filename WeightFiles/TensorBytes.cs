using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MLClassify.WeightFiles;

/// <summary>Brings stored values, in either byte order and any strides, into float32 in the usual order.</summary>
internal static class TensorBytes
{
    private const int BlockBytes = 1 << 16;

    /// <summary>Values that lie in a row, read block by block.</summary>
    /// <param name="source">The values, from where the stream stands.</param>
    /// <param name="type">The stored type.</param>
    /// <param name="isBigEndian">Whether the most significant byte comes first.</param>
    /// <param name="values">As many float32 values.</param>
    /// <returns>Whether the stream had as many.</returns>
    public static bool TryRead(Stream source, ElementType type, bool isBigEndian, Span<float> values)
    {
        int size = ElementTypes.SizeOf(type);
        byte[] block = new byte[(int)Math.Min(BlockBytes, (long)values.Length * size)];
        for (int done = 0; done < values.Length;)
        {
            int count = Math.Min(values.Length - done, block.Length / size);
            Span<byte> bytes = block.AsSpan(0, count * size);
            if (source.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            {
                return false;
            }

            SwapIf(isBigEndian, size, bytes);
            ElementTypes.ToSingle(type, bytes, values.Slice(done, count));
            done += count;
        }

        return true;
    }

    /// <summary>Values at strides.</summary>
    /// <param name="bytes">The stored values, from the first one on; changed where the byte order is the other.</param>
    /// <param name="type">The stored type.</param>
    /// <param name="isBigEndian">Whether the most significant byte comes first.</param>
    /// <param name="dimensions">Dimensions, outermost first; none is 0.</param>
    /// <param name="strides">For each dimension, values from one index to the next.</param>
    /// <param name="values">The product of the dimensions, in the usual order.</param>
    public static void Gather(
        Span<byte> bytes, ElementType type, bool isBigEndian, ReadOnlySpan<long> dimensions, ReadOnlySpan<long> strides, Span<float> values)
    {
        int size = ElementTypes.SizeOf(type);
        SwapIf(isBigEndian, size, bytes);

        // An odometer: the innermost index turns fastest, and a dimension that wraps takes its steps back.
        Span<long> index = stackalloc long[dimensions.Length];
        index.Clear();
        long at = 0;
        for (int i = 0; i < values.Length; i++)
        {
            ElementTypes.ToSingle(type, bytes.Slice((int)(at * size), size), values.Slice(i, 1));
            for (int d = index.Length - 1; d >= 0; d--)
            {
                at += strides[d];
                if (++index[d] < dimensions[d])
                {
                    break;
                }

                at -= strides[d] * dimensions[d];
                index[d] = 0;
            }
        }
    }

    private static void SwapIf(bool isBigEndian, int size, Span<byte> bytes)
    {
        if (!isBigEndian || size == 1)
        {
            return;
        }

        switch (size)
        {
            case 2:
                Span<ushort> halves = MemoryMarshal.Cast<byte, ushort>(bytes);
                BinaryPrimitives.ReverseEndianness(halves, halves);
                break;
            case 4:
                Span<uint> words = MemoryMarshal.Cast<byte, uint>(bytes);
                BinaryPrimitives.ReverseEndianness(words, words);
                break;
            default:
                Span<ulong> doubles = MemoryMarshal.Cast<byte, ulong>(bytes);
                BinaryPrimitives.ReverseEndianness(doubles, doubles);
                break;
        }
    }
}
