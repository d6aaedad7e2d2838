namespace MLClassify.Imaging.Jpeg;

internal static class JpegDecoder
{
    public static Image Decode(ReadOnlySpan<byte> encoded, DecodeOptions options) => throw new UnsupportedImageException("Jpeg", "not written yet");
}
