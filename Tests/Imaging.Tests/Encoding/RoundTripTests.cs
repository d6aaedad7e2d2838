using MLClassify.Imaging.Encoding;

namespace MLClassify.Imaging.Tests.Encoding;

/// <summary>What the encoders write, the decoders of this project read.</summary>
public class RoundTripTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 13)]
    [InlineData(64, 48)]
    public void Png_AnySize_ComesBackUnchanged(int width, int height)
    {
        Image scene = TestImages.Scene(width, height);

        Image decoded = Image.Decode(PngEncoder.Encode(scene));

        Assert.Equal((width, height), (decoded.Width, decoded.Height));
        Assert.Equal(scene.Pixels.ToArray(), decoded.Pixels.ToArray());
    }

    // Bounds: what Pillow measures for these very files, less a decibel for another decoder's rounding and upsampling.
    [Theory]
    [InlineData(100, ChromaSubsampling.Ratio444, true, 50.3)]
    [InlineData(90, ChromaSubsampling.Ratio444, true, 36.0)]
    [InlineData(90, ChromaSubsampling.Ratio420, true, 31.2)]
    [InlineData(90, ChromaSubsampling.Ratio420, false, 31.2)]
    [InlineData(50, ChromaSubsampling.Ratio420, true, 27.8)]
    [InlineData(10, ChromaSubsampling.Ratio420, true, 24.0)]
    public void Jpeg_Scene_KeepsItsQuality(int quality, ChromaSubsampling subsampling, bool optimize, double decibels)
    {
        Image scene = TestImages.Scene(91, 67);

        Image decoded = Image.Decode(JpegEncoder.Encode(
            scene,
            new JpegEncoderOptions { Quality = quality, Subsampling = subsampling, OptimizeHuffmanCodes = optimize }));

        Assert.Equal((91, 67), (decoded.Width, decoded.Height));
        Assert.True(TestImages.PeakSignalToNoise(scene, decoded) >= decibels, $"{TestImages.PeakSignalToNoise(scene, decoded):F2} dB");
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(8, 8)]
    [InlineData(9, 16)]
    [InlineData(17, 15)]
    public void Jpeg_UniformColorOfAnySize_ComesBackWithinTwoLevels(int width, int height)
    {
        Image color = TestImages.Uniform(width, height, 200, 120, 40);

        foreach (ChromaSubsampling subsampling in Enum.GetValues<ChromaSubsampling>())
        {
            Image decoded = Image.Decode(JpegEncoder.Encode(color, new JpegEncoderOptions { Quality = 100, Subsampling = subsampling }));

            Assert.Equal((width, height), (decoded.Width, decoded.Height));
            for (int i = 0; i < color.Pixels.Length; i++)
            {
                Assert.InRange(decoded.Pixels[i], color.Pixels[i] - 2, color.Pixels[i] + 2);
            }
        }
    }
}
