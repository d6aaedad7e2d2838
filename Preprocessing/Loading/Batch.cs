using System.Runtime.CompilerServices;

namespace MLClassify.Preprocessing.Loading;

/// <summary>Images ready for a network. Its memory is used again: it is valid until the next batch is asked for.</summary>
public sealed class Batch
{
    // A cache line, and the width of the widest vector.
    private const int Alignment = 64;

    private readonly float[] _pixels;
    private readonly int[] _labels;
    private readonly int[] _indices;
    private readonly bool[] _loaded;
    private readonly int _start;
    private readonly int _valuesPerImage;

    internal Batch(int capacity, int size, int views)
    {
        Size = size;
        Views = views;
        _valuesPerImage = checked(views * size * size * 3);
        _pixels = GC.AllocateUninitializedArray<float>(checked((capacity * _valuesPerImage) + (Alignment / sizeof(float))), pinned: true);
        _start = AlignedStart(_pixels);
        _labels = new int[capacity];
        _indices = new int[capacity];
        _loaded = new bool[capacity];
    }

    /// <summary>Images in this batch, at least 1.</summary>
    public int Count { get; private set; }

    /// <summary>The batch's number in its epoch, from 0.</summary>
    public int Number { get; internal set; }

    /// <summary>Both sides of an image in pixels.</summary>
    public int Size { get; }

    /// <summary>Views of each image, at least 1.</summary>
    public int Views { get; }

    /// <summary>
    /// The normalized images, <c>[Count, Views, Size, Size, 3]</c>; the first number is aligned to 64 bytes and does not move.
    /// </summary>
    public ReadOnlySpan<float> Pixels => _pixels.AsSpan(_start, Count * _valuesPerImage);

    /// <summary><see cref="Pixels"/> for who mixes images of a batch with each other.</summary>
    internal Span<float> MutablePixels => _pixels.AsSpan(_start, Count * _valuesPerImage);

    /// <summary>The images' labels, <c>[Count]</c>.</summary>
    public ReadOnlySpan<int> Labels => _labels.AsSpan(0, Count);

    /// <summary>The images' positions in the dataset's samples, <c>[Count]</c>.</summary>
    public ReadOnlySpan<int> Indices => _indices.AsSpan(0, Count);

    /// <summary>Where the image at a position is written, all its views.</summary>
    internal Span<float> Slot(int position) => _pixels.AsSpan(_start + (position * _valuesPerImage), _valuesPerImage);

    /// <summary>Notes what lies in a slot, or that nothing does.</summary>
    internal void Set(int position, int index, int label, bool loaded)
    {
        _indices[position] = index;
        _labels[position] = label;
        _loaded[position] = loaded;
    }

    /// <summary>Closes the gaps that unreadable files left among the first <paramref name="slots"/> slots.</summary>
    internal void Compact(int slots)
    {
        Count = 0;
        for (int i = 0; i < slots; i++)
        {
            if (!_loaded[i])
            {
                continue;
            }

            if (i != Count)
            {
                Slot(i).CopyTo(Slot(Count));
                _indices[Count] = _indices[i];
                _labels[Count] = _labels[i];
            }

            Count++;
        }
    }

    private static unsafe int AlignedStart(float[] pinned)
    {
        nuint address = (nuint)Unsafe.AsPointer(ref pinned[0]);
        return (int)((Alignment - (address % Alignment)) % Alignment / sizeof(float));
    }
}
