using System.Buffers;

namespace MLClassify.Imaging;

public sealed partial class Image
{
    // Twenty megapixels, as cameras and telephones have. Larger arrays are not worth keeping in the pool once their image is done.
    private const int LargestLent = 64 << 20;

    private Image(int width, int height, int length)
    {
        Width = width;
        Height = height;
        _length = length;
        _pixels = ArrayPool<byte>.Shared.Rent(length);
        IsLent = true;
    }

    /// <summary>Whether the pixels' memory is the shared pool's, to be given back by <see cref="Return"/>.</summary>
    internal bool IsLent { get; private set; }

    /// <summary>
    /// An image whose pixels are whatever was there before, in memory of the shared pool unless it is very large: for who decodes many
    /// images one after the other and keeps none.
    /// </summary>
    internal static Image Rent(int width, int height)
    {
        int length = ByteCount(width, height);
        return length <= LargestLent ? new Image(width, height, length) : new Image(width, height, GC.AllocateUninitializedArray<byte>(length));
    }

    /// <summary>Gives lent memory back; the image must not be used afterwards. Does nothing where none is lent.</summary>
    internal void Return()
    {
        if (IsLent)
        {
            IsLent = false;
            ArrayPool<byte>.Shared.Return(_pixels);
        }
    }
}
