using System.Globalization;
using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLClassify.Imaging;
using MLClassify.Imaging.Encoding;

namespace MLClassify.MLNet;

/// <summary>
/// Reads a column of images in two steps: <see cref="Fetch"/> takes what the current row has, on the row's thread, and
/// <see cref="Decode"/> makes an image of it, on any thread, when the row may have moved on.
/// </summary>
internal abstract class ImageInput
{
    private protected static readonly DecodeOptions Lending = new() { LendsPixels = true };

    /// <summary>The fetched values; null where they cannot be read again.</summary>
    public virtual ColumnBuffer? Buffer => null;

    /// <summary>Makes a reader.</summary>
    /// <param name="row">The row or cursor.</param>
    /// <param name="column">Its column with the images.</param>
    /// <param name="slots">How many rows are kept.</param>
    public static ImageInput Create(DataViewRow row, DataViewSchema.Column column, int slots) => column.Type switch
    {
        TextDataViewType => new PathInput(row, column, slots),
        VectorDataViewType => new BytesInput(row, column, slots),
        _ => MLImages.CreateInput(row, column, slots),
    };

    /// <summary>Whether an error says that an image cannot be read, rather than that something else is wrong.</summary>
    public static bool IsUnreadable(Exception error) => error is InvalidImageException or UnsupportedImageException or IOException or UnauthorizedAccessException;

    /// <summary>The error for a row whose image cannot be read.</summary>
    public InvalidDataException Unreadable(long position, int slot, Exception reason)
    {
        string name = Path(slot) is { Length: > 0 } path ? $" '{path}'" : "";
        return new InvalidDataException($"Row {position.ToString(CultureInfo.InvariantCulture)}: the image{name} cannot be read: {ImageErrors.Reason(reason)}", reason);
    }

    /// <summary>Takes the current row's value; never throws because of it.</summary>
    public abstract void Fetch(int slot);

    /// <summary>The image of a fetched row, to be returned (<see cref="Image.Return"/>) by the caller; once for each fetch.</summary>
    /// <exception cref="Exception">Why there is none; <see cref="IsUnreadable"/> tells whether that is the image's fault.</exception>
    public abstract Image Decode(int slot);

    /// <summary>The path of a fetched row; null where the column holds none, or has none here.</summary>
    public virtual string? Path(int slot) => null;

    /// <summary>Writes a fetched row's image to a file, for who reads it several times.</summary>
    /// <returns>Why it cannot be read, where that is known before the file is; null where it was written.</returns>
    public virtual string? Save(int slot, string path)
    {
        Image image;
        try
        {
            image = Decode(slot);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return ImageErrors.Reason(e);
        }

        try
        {
            File.WriteAllBytes(path, PngEncoder.Encode(image, CompressionLevel.Fastest));
        }
        finally
        {
            image.Return();
        }

        return null;
    }

    private sealed class PathInput(DataViewRow row, DataViewSchema.Column column, int slots) : ImageInput
    {
        private readonly ColumnBuffer<ReadOnlyMemory<char>> _buffer = new(row.GetGetter<ReadOnlyMemory<char>>(column), slots);

        public override ColumnBuffer Buffer => _buffer;

        public override void Fetch(int slot) => _buffer.Read(slot);

        public override string Path(int slot) => _buffer.Value(slot).ToString();

        public override Image Decode(int slot) => Path(slot) switch
        {
            "" => throw new IOException("there is no path"),
            var path when path.Contains('\0', StringComparison.Ordinal) => throw new IOException("the path contains a zero character"),
            var path => Image.Load(path, Lending),
        };
    }

    private sealed class BytesInput(DataViewRow row, DataViewSchema.Column column, int slots) : ImageInput
    {
        private readonly ColumnBuffer<VBuffer<byte>> _buffer = new(row.GetGetter<VBuffer<byte>>(column), slots);

        public override ColumnBuffer Buffer => _buffer;

        public override void Fetch(int slot) => _buffer.Read(slot);

        public override Image Decode(int slot) => Image.Decode(Content(slot), Lending);

        public override string? Save(int slot, string path)
        {
            using FileStream stream = File.Create(path);
            stream.Write(Content(slot));
            return null;
        }

        private ReadOnlySpan<byte> Content(int slot)
        {
            ref readonly VBuffer<byte> value = ref _buffer.Value(slot);
            if (value.IsDense)
            {
                return value.GetValues();
            }

            // Zeros may be left out.
            byte[] dense = new byte[value.Length];
            value.CopyTo(dense);
            return dense;
        }
    }
}
