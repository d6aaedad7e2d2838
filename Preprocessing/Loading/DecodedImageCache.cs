using MLClassify.Imaging;

namespace MLClassify.Preprocessing.Loading;

/// <summary>Decoded images by index, up to a limit of memory; what came first stays. Safe for any number of threads.</summary>
internal sealed class DecodedImageCache(int count, long capacityBytes)
{
    private readonly Image?[] _images = new Image?[capacityBytes > 0 ? count : 0];
    private long _bytes;

    /// <summary>Bytes of the images that are kept.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public Image? Find(int index) => index < _images.Length ? Volatile.Read(ref _images[index]) : null;

    /// <summary>Keeps the image if there is room.</summary>
    public void Add(int index, Image image)
    {
        if (index >= _images.Length)
        {
            return;
        }

        int size = image.Pixels.Length * (image.Low is null ? 1 : 2);
        if (Interlocked.Add(ref _bytes, size) > capacityBytes || Interlocked.CompareExchange(ref _images[index], image, null) is not null)
        {
            Interlocked.Add(ref _bytes, -size);
        }
    }
}
