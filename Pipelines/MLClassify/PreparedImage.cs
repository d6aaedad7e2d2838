using System.Buffers;

namespace MLClassify;

/// <summary>An image as a <see cref="BatchPredictor"/> wants it: all its views, resized and normalized. Its memory is lent by a pool.</summary>
public sealed class PreparedImage : IDisposable
{
    private readonly int _length;
    private float[]? _values;

    internal PreparedImage(BatchPredictor owner, int length)
    {
        Owner = owner;
        _length = length;
        _values = ArrayPool<float>.Shared.Rent(length);
    }

    internal BatchPredictor Owner { get; }

    /// <summary>The samples, <c>[views, H, W, 3]</c>.</summary>
    internal Span<float> Values
    {
        get
        {
            float[]? values = _values;
            ObjectDisposedException.ThrowIf(values is null, this);
            return values.AsSpan(0, _length);
        }
    }

    /// <summary>Gives the memory back. Not while a prediction from it is under way.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _values, null) is { } values)
        {
            ArrayPool<float>.Shared.Return(values);
        }
    }
}
