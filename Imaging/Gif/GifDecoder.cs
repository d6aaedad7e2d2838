namespace MLClassify.Imaging.Gif;

internal static class GifDecoder
{
    public static Image Decode(ReadOnlySpan<byte> encoded, DecodeOptions options) => throw new UnsupportedImageException("Gif", "not written yet");
}
