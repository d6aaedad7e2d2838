using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLClassify.Imaging;

namespace MLClassify.MLNet;

/// <summary>Reads the image of the current row, from its path or its encoded bytes.</summary>
internal sealed class ImageColumnReader
{
    private readonly DataViewRow _row;
    private readonly UnreadableImages _unreadable;
    private readonly ValueGetter<ReadOnlyMemory<char>>? _path;
    private readonly ValueGetter<VBuffer<byte>>? _bytes;
    private ReadOnlyMemory<char> _pathValue;
    private VBuffer<byte> _bytesValue;

    public ImageColumnReader(DataViewRow row, DataViewSchema.Column column, UnreadableImages unreadable)
    {
        _row = row;
        _unreadable = unreadable;
        if (ImageColumns.HoldsPaths(column.Type))
        {
            _path = row.GetGetter<ReadOnlyMemory<char>>(column);
        }
        else
        {
            _bytes = row.GetGetter<VBuffer<byte>>(column);
        }
    }

    /// <summary>The path of the current row; null where the column holds bytes.</summary>
    public string? ReadPath()
    {
        if (_path is null)
        {
            return null;
        }

        _path(ref _pathValue);
        return _pathValue.ToString();
    }

    /// <summary>The encoded bytes of the current row; valid until the next call.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        _bytes!(ref _bytesValue);
        if (_bytesValue.IsDense)
        {
            return _bytesValue.GetValues();
        }

        // Zeros may be left out.
        byte[] dense = new byte[_bytesValue.Length];
        _bytesValue.CopyTo(dense);
        return dense;
    }

    /// <summary>The current row's image; null where it cannot be read and that is allowed.</summary>
    /// <exception cref="InvalidDataException">It cannot be read, and <see cref="UnreadableImages.Throw"/> was chosen.</exception>
    public Image? Read()
    {
        string? path = ReadPath();
        try
        {
            return path switch
            {
                null => Image.Decode(ReadBytes()),
                "" => throw new IOException("there is no path"),
                _ when path.Contains('\0', StringComparison.Ordinal) => throw new IOException("the path contains a zero character"),
                _ => Image.Load(path),
            };
        }
        catch (Exception e) when (e is InvalidImageException or UnsupportedImageException or IOException or UnauthorizedAccessException)
        {
            if (_unreadable == UnreadableImages.Missing)
            {
                return null;
            }

            string row = _row.Position.ToString(CultureInfo.InvariantCulture);
            throw new InvalidDataException($"Row {row}: the image{(string.IsNullOrEmpty(path) ? "" : $" '{path}'")} cannot be read: {e.Message}", e);
        }
    }
}
