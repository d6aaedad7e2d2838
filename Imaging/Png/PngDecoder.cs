namespace MLClassify.Imaging.Png;

internal static class PngDecoder
{
    public static Image Decode(ReadOnlySpan<byte> encoded, DecodeOptions options) => throw new UnsupportedImageException("Png", "not written yet");
}
