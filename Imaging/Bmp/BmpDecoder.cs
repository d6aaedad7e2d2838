namespace MLClassify.Imaging.Bmp;

internal static class BmpDecoder
{
    public static Image Decode(ReadOnlySpan<byte> encoded, DecodeOptions options) => throw new UnsupportedImageException("Bmp", "not written yet");
}
