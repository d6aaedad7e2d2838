using MLClassify.Imaging.Resizing;

namespace MLClassify.Preprocessing.Tests;

public class PreprocessingSpecTests
{
    private const string DefaultJson =
        """{"resize":"short_side","resize_size":256,"crop_size":224,"interpolation":"bilinear","scale":0.003921569""" +
        ""","mean":[0.485,0.456,0.406],"std":[0.229,0.224,0.225],"channel_order":"rgb"}""";

    [Fact]
    public void ToJson_Default_IsSnakeCase() => Assert.Equal(DefaultJson, new PreprocessingSpec().ToJson());

    [Fact]
    public void FromJson_EveryMemberChanged_GivesAnEqualSpec()
    {
        var spec = new PreprocessingSpec
        {
            Resize = ResizeRule.Stretch,
            ResizeSize = 77,
            CropSize = 66,
            Interpolation = Interpolation.Bicubic,
            Scale = 1f / 3f,
            Mean = new ChannelValues(0.1f, -2f, 1e-20f),
            Std = new ChannelValues(1f, 3e10f, float.Epsilon),
            ChannelOrder = ChannelOrder.Bgr,
        };

        Assert.Equal(spec, PreprocessingSpec.FromJson(spec.ToJson()));
    }

    [Theory]
    [InlineData(ResizeRule.ShortSide, Interpolation.Nearest, ChannelOrder.Rgb)]
    [InlineData(ResizeRule.None, Interpolation.Bilinear, ChannelOrder.Bgr)]
    [InlineData(ResizeRule.Stretch, Interpolation.Bicubic, ChannelOrder.Rgb)]
    public void FromJson_EveryName_IsReadBack(ResizeRule resize, Interpolation interpolation, ChannelOrder order)
    {
        var spec = new PreprocessingSpec { Resize = resize, Interpolation = interpolation, ChannelOrder = order };

        Assert.Equal(spec, PreprocessingSpec.FromJson(spec.ToJson()));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("null", "found null")]
    [InlineData("[]", "")]
    [InlineData("{}", "resize")]
    [InlineData("\"bilinear\"", "interpolation", "\"lanczos\"", "interpolation is 'lanczos'; expected nearest, bilinear, bicubic")]
    [InlineData("\"bilinear\"", "interpolation", "1", "interpolation")]
    [InlineData("\"bilinear\"", "interpolation", "null", "nterpolation")]
    [InlineData("\"bilinear\"", "interpolation", "\"\\ud800\"", "")]
    [InlineData("\"short_side\"", "resize", "\"longest\"", "resize is 'longest'; expected short_side, stretch, none")]
    [InlineData("\"rgb\"", "channel_order", "\"RGB\"", "channel_order is 'RGB'; expected rgb, bgr")]
    [InlineData("224", "crop_size", "0", "crop_size is 0; expected 1 to 4096")]
    [InlineData("224", "crop_size", "2147483647", "crop_size is 2147483647")]
    [InlineData("224", "crop_size", "99999999999", "crop_size")]
    [InlineData("224", "crop_size", "257", "resize_size is 256; expected 257 (crop_size) to 4096")]
    [InlineData("256", "resize_size", "4097", "resize_size is 4097")]
    [InlineData("0.003921569", "scale", "0", "scale is 0")]
    [InlineData("0.003921569", "scale", "1e400", "scale")]
    [InlineData("0.003921569", "scale", "NaN", "")]
    [InlineData("[0.485,0.456,0.406]", "mean", "[0.485,0.456]", "mean has 2 numbers; expected 3")]
    [InlineData("[0.485,0.456,0.406]", "mean", "[0,0,1e400]", "mean")]
    [InlineData("[0.485,0.456,0.406]", "mean", "null", "ean")]
    [InlineData("[0.229,0.224,0.225]", "std", "[0.229,0,0.225]", "std is (0.229, 0, 0.225); expected finite numbers above 0")]
    [InlineData("\"rgb\"}", "a repeated member", "\"rgb\",\"crop_size\":5}", "crop_size")]
    [InlineData("\"rgb\"}", "an unknown member", "\"rgb\",\"gamma\":2}", "gamma")]
    public void FromJson_BadContent_ThrowsWithTheReason(string found, string member, string? replacement = null, string expected = "")
    {
        string json = replacement is null ? found : DefaultJson.Replace(found, replacement, StringComparison.Ordinal);
        Assert.NotEqual(DefaultJson, json);

        var error = Assert.Throws<InvalidPreprocessingException>(() => PreprocessingSpec.FromJson(json));

        Assert.StartsWith("preprocessing: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(replacement is null ? member : expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(10_000_000)]
    public void FromJson_DeepNesting_Throws(int depth) =>
        Assert.Throws<InvalidPreprocessingException>(() => PreprocessingSpec.FromJson("{\"mean\":" + new string('[', depth)));

    [Fact]
    public void FromJson_LongName_IsCutInTheMessage()
    {
        string json = DefaultJson.Replace("bilinear", new string('x', 100_000), StringComparison.Ordinal);

        var error = Assert.Throws<InvalidPreprocessingException>(() => PreprocessingSpec.FromJson(json));

        Assert.InRange(error.Message.Length, 1, 200);
    }

    [Theory]
    [InlineData(224, 256)]
    [InlineData(112, 128)]
    [InlineData(96, 110)]
    [InlineData(1, 1)]
    [InlineData(3584, 4096)]
    public void ImageNet_Size_ScalesTheShortSide(int size, int expected)
    {
        PreprocessingSpec spec = PreprocessingSpec.ImageNet(size);

        Assert.Equal(expected, spec.ResizeSize);
        Assert.Equal(size, spec.CropSize);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(3585)]
    [InlineData(int.MaxValue)]
    public void ImageNet_SizeOutside_Throws(int size) => Assert.ThrowsAny<ArgumentException>(() => PreprocessingSpec.ImageNet(size));

    // torchvision: resize_size=232 at crop_size=224 for the second versions of its weights.
    [Theory]
    [InlineData(224, 232, 232)]
    [InlineData(112, 232, 116)]
    [InlineData(32, 224, 32)]
    public void ForInput_OtherShortSide_GrowsWithTheSize(int size, int resize, int expected) =>
        Assert.Equal((expected, size), (PreprocessingSpec.ForInput(size, resize / 224.0).ResizeSize, PreprocessingSpec.ForInput(size, resize / 224.0).CropSize));

    [Theory]
    [InlineData(0.999)]
    [InlineData(double.NaN)]
    [InlineData(19)]
    [InlineData(double.PositiveInfinity)]
    public void ForInput_RatioOutside_Throws(double ratio) => Assert.ThrowsAny<ArgumentException>(() => PreprocessingSpec.ForInput(224, ratio));

    [Fact]
    public void ImageNet_Default_IsTheDefaultSpec() => Assert.Equal(new PreprocessingSpec(), PreprocessingSpec.ImageNet());

    [Fact]
    public void Validate_UnknownInterpolation_Throws() =>
        Assert.Throws<ArgumentException>(() => new PreprocessingSpec { Interpolation = (Interpolation)9 }.Validate());

    [Theory]
    [InlineData("imagenet", 0.485f, 0.229f)]
    [InlineData("half", 0.5f, 0.5f)]
    [InlineData("none", 0f, 1f)]
    public void Parse_KnownNormalization_GivesIt(string name, float mean, float std)
    {
        Normalization normalization = Normalization.Parse(name);

        Assert.Equal((mean, std), (normalization.Mean.Red, normalization.Std.Red));
    }

    [Fact]
    public void Parse_UnknownNormalization_Throws() => Assert.Throws<ArgumentException>(() => Normalization.Parse("zscore"));

    [Fact]
    public void Json_InsideOtherJson_IsWhatToJsonWrites()
    {
        PreprocessingSpec spec = PreprocessingSpec.ImageNet(64);
        string json = System.Text.Json.JsonSerializer.Serialize(new { Spec = spec });
        Assert.Equal($"{{\"Spec\":{spec.ToJson()}}}", json);
        Assert.Equal(spec, System.Text.Json.JsonSerializer.Deserialize<PreprocessingSpec>(spec.ToJson()));
        Assert.Throws<System.Text.Json.JsonException>(() => System.Text.Json.JsonSerializer.Deserialize<PreprocessingSpec>("{}"));
    }
}
