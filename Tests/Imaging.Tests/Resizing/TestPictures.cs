namespace MLClassify.Imaging.Tests.Resizing;

/// <summary>Noise that the golden scripts make too: a hash of each byte's index.</summary>
internal static class TestPictures
{
    public static Image Noise(int width, int height) => Noise(width, height, (width * 31) + height);

    public static Image Noise(int width, int height, int seed)
    {
        var image = new Image(width, height);
        Span<byte> pixels = image.Pixels;
        for (int i = 0; i < pixels.Length; i++)
        {
            uint value = unchecked((uint)(i + seed) * 2654435761u);
            value ^= value >> 15;
            value = unchecked(value * 0x85EBCA6Bu);
            value ^= value >> 13;
            pixels[i] = (byte)(value >> 24);
        }

        return image;
    }
}
