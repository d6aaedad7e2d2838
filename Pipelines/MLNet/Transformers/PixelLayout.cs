namespace MLClassify.MLNet;

/// <summary>The order of the numbers in a vector of pixels. Channels are red, green, blue in either.</summary>
public enum PixelLayout
{
    /// <summary>Row by row, pixel by pixel, a pixel's three channels together, <c>[H, W, 3]</c>: as this library's networks read it.</summary>
    HeightWidthChannels,

    /// <summary>Channel by channel, each row by row, <c>[3, H, W]</c>: as ONNX models that PyTorch exported read it.</summary>
    ChannelsHeightWidth,
}
