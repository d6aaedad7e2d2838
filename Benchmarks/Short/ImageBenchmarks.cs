using BenchmarkDotNet.Attributes;
using MLClassify.Imaging;
using MLClassify.Imaging.Encoding;
using MLClassify.Imaging.Resizing;
using MLClassify.Preprocessing;

namespace MLClassify.Benchmarks.Short;

/// <summary>What happens to an image before the network sees it, on one thread. Rates are of the pixels that go in.</summary>
public class ImageBenchmarks
{
    private const int Width = 500;
    private const int Height = 375;
    private const int ShortSide = 256;
    private const int LongSide = 341;
    private const int Crop = 224;

    private readonly float[] _values = new float[Crop * Crop * 3];
    private readonly Preprocessor _whole = new(PreprocessingSpec.ImageNet());
    private readonly Preprocessor _cropOnly = new(PreprocessingSpec.ImageNet() with { Resize = ResizeRule.None });
    private byte[] _jpeg = [];
    private Image _image = new(1, 1);
    private Image _resized = new(1, 1);

    /// <summary>Makes the images.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _image = TestImage.Paint(Width, Height);
        _jpeg = JpegEncoder.Encode(_image);
        _resized = ImageResizer.Resize(_image, LongSide, ShortSide);
        double megapixels = Width * Height / 1e6;
        RateColumn.Set(nameof(DecodeJpeg), megapixels, "MP");
        RateColumn.Set(nameof(EncodeJpeg), megapixels, "MP");
        RateColumn.Set(nameof(ResizeShortSide), megapixels, "MP");
        RateColumn.Set(nameof(ResizeCropNormalize), megapixels, "MP");
        RateColumn.Set(nameof(CropNormalize), Crop * Crop / 1e6, "MP");
    }

    /// <summary>Decodes a JPEG of 500 x 375, quality 90, 4:2:0.</summary>
    [Benchmark]
    public Image DecodeJpeg() => Image.Decode(_jpeg);

    /// <summary>Encodes the same.</summary>
    [Benchmark]
    public byte[] EncodeJpeg() => JpegEncoder.Encode(_image);

    /// <summary>Brings the short side to 256, bilinear with antialiasing.</summary>
    [Benchmark]
    public Image ResizeShortSide() => ImageResizer.Resize(_image, LongSide, ShortSide);

    /// <summary>Everything after decoding: resize, crop to 224 x 224, normalize.</summary>
    [Benchmark]
    public float[] ResizeCropNormalize()
    {
        _whole.Apply(_image, _values);
        return _values;
    }

    /// <summary>The last two alone.</summary>
    [Benchmark]
    public float[] CropNormalize()
    {
        _cropOnly.Apply(_resized, _values);
        return _values;
    }
}
