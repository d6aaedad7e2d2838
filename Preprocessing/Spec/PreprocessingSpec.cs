using System.Text.Json.Serialization;
using MLClassify.Imaging.Resizing;
using MLClassify.Preprocessing;

namespace MLClassify;

/// <summary>
/// How an image becomes a network's input: resize, crop at the center, scale, subtract the mean, divide by the standard deviation.
/// The same record serves training, evaluation, prediction and export, and travels in the model file. Defaults are those of
/// torchvision's ImageNet weights. In JSON it is what <see cref="ToJson"/> writes.
/// </summary>
[JsonConverter(typeof(PreprocessingSpecConverter))]
public sealed record PreprocessingSpec
{
    /// <summary>
    /// The largest accepted <see cref="ResizeSize"/> and <see cref="CropSize"/>, so that a hostile file cannot ask for gigabytes.
    /// </summary>
    public const int MaxSize = 4096;

    private const double ImageNetRatio = 256.0 / 224;

    /// <summary>How an image is brought to size. Default <see cref="ResizeRule.ShortSide"/>.</summary>
    public ResizeRule Resize { get; init; } = ResizeRule.ShortSide;

    /// <summary>
    /// The length in pixels for <see cref="Resize"/>; ignored by <see cref="ResizeRule.None"/>. Default 256; from <see cref="CropSize"/>
    /// to 4096.
    /// </summary>
    public int ResizeSize { get; init; } = 256;

    /// <summary>Both sides of the network's input in pixels, cut from the center. Default 224; 1 to 4096.</summary>
    public int CropSize { get; init; } = 224;

    /// <summary>The resizing filter. Default <see cref="Interpolation.Bilinear"/>, antialiased.</summary>
    public Interpolation Interpolation { get; init; } = Interpolation.Bilinear;

    /// <summary>Factor for the bytes, before the mean is subtracted. Default 1/255; finite and above 0.</summary>
    public float Scale { get; init; } = 1f / 255f;

    /// <summary>The mean of each color. Default ImageNet's; finite.</summary>
    public ChannelValues Mean { get; init; } = Normalization.ImageNet.Mean;

    /// <summary>The standard deviation of each color. Default ImageNet's; finite and above 0.</summary>
    public ChannelValues Std { get; init; } = Normalization.ImageNet.Std;

    /// <summary>The order of the channels that the network gets. Default <see cref="ChannelOrder.Rgb"/>.</summary>
    public ChannelOrder ChannelOrder { get; init; } = ChannelOrder.Rgb;

    /// <summary>
    /// The value at full brightness of images with 16 bits a sample (PNG): 4,095 where a camera of 12 bits wrote its values as they are.
    /// Larger values are clipped; other images are not concerned. Default 65,535; 255 to 65,535.
    /// </summary>
    public int SampleMaximum { get; init; } = ushort.MaxValue;

    /// <summary>ImageNet's preprocessing for another input size: the short side is 256/224 of it.</summary>
    /// <param name="size">Both sides of the network's input in pixels.</param>
    /// <exception cref="ArgumentException">The size is below 1 or the short side would exceed 4096.</exception>
    public static PreprocessingSpec ImageNet(int size = 224) => ForInput(size, ImageNetRatio);

    /// <summary>ImageNet's mean and standard deviation, and the central square of an image whose short side is some times the input's.</summary>
    /// <param name="size">Both sides of the network's input in pixels.</param>
    /// <param name="resizeRatio">The short side over the input's side; 1 leaves a square image whole.</param>
    /// <exception cref="ArgumentException">The size or the ratio is below 1, or the short side would exceed 4096.</exception>
    public static PreprocessingSpec ForInput(int size, double resizeRatio)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MaxSize);
        if (!(resizeRatio is >= 1 and <= MaxSize))
        {
            throw new ArgumentOutOfRangeException(nameof(resizeRatio), resizeRatio, "The ratio must be at least 1.");
        }

        var spec = new PreprocessingSpec { CropSize = size, ResizeSize = (int)Math.Round(size * resizeRatio) };
        spec.Validate();
        return spec;
    }

    /// <summary>The same spec with another mean and standard deviation.</summary>
    /// <param name="normalization">The mean and standard deviation.</param>
    public PreprocessingSpec WithNormalization(Normalization normalization) =>
        this with { Mean = normalization.Mean, Std = normalization.Std };

    /// <summary>
    /// The same spec with another way to make a square of an image. <see cref="ImageFit.Squash"/> and <see cref="ImageFit.Pad"/> show the
    /// network the whole image, at the size of its input; <see cref="ImageFit.Crop"/> leaves a spec alone whose
    /// <see cref="Resize"/> is <see cref="ResizeRule.ShortSide"/>, and else takes the largest central square.
    /// </summary>
    /// <param name="fit">The way.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such way.</exception>
    public PreprocessingSpec WithFit(ImageFit fit) => fit switch
    {
        ImageFit.Crop => Resize == ResizeRule.ShortSide ? this : this with { Resize = ResizeRule.ShortSide, ResizeSize = CropSize },
        ImageFit.Squash => this with { Resize = ResizeRule.Stretch, ResizeSize = CropSize },
        ImageFit.Pad => this with { Resize = ResizeRule.Pad, ResizeSize = CropSize },
        _ => throw new ArgumentOutOfRangeException(nameof(fit), fit, "Expected crop, squash or pad."),
    };

    /// <summary>Checks all values.</summary>
    /// <exception cref="ArgumentException">A value is outside its range; the message names it.</exception>
    public void Validate()
    {
        if (Problem() is { } problem)
        {
            throw new ArgumentException($"preprocessing: {problem}");
        }
    }

    /// <summary>Writes the spec as JSON with names in snake_case.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public string ToJson()
    {
        Validate();
        return PreprocessingDocument.Write(this);
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The JSON object.</param>
    /// <exception cref="InvalidPreprocessingException">Not JSON, a member is missing, unknown or repeated, or a value is outside its
    /// range.</exception>
    public static PreprocessingSpec FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        PreprocessingSpec spec = PreprocessingDocument.Read(json);
        return spec.Problem() is { } problem ? throw new InvalidPreprocessingException(problem) : spec;
    }

    private string? Problem()
    {
        if (!Enum.IsDefined(Resize) || !Enum.IsDefined(Interpolation) || !Enum.IsDefined(ChannelOrder))
        {
            return $"unknown resize rule {(int)Resize}, interpolation {(int)Interpolation} or channel order {(int)ChannelOrder}.";
        }

        if (CropSize is < 1 or > MaxSize)
        {
            return $"crop_size is {CropSize}; expected 1 to {MaxSize}.";
        }

        if (Resize != ResizeRule.None && (ResizeSize < CropSize || ResizeSize > MaxSize))
        {
            return $"resize_size is {ResizeSize}; expected {CropSize} (crop_size) to {MaxSize}.";
        }

        if (SampleMaximum is < byte.MaxValue or > ushort.MaxValue)
        {
            return $"sample_maximum is {SampleMaximum}; expected {byte.MaxValue} to {ushort.MaxValue}.";
        }

        if (!(float.IsFinite(Scale) && Scale > 0))
        {
            return FormattableString.Invariant($"scale is {Scale}; expected a finite number above 0.");
        }

        if (!Mean.All(float.IsFinite))
        {
            return FormattableString.Invariant($"mean is ({Mean.Red}, {Mean.Green}, {Mean.Blue}); expected finite numbers.");
        }

        return Std.All(value => float.IsFinite(value) && value > 0)
            ? null
            : FormattableString.Invariant($"std is ({Std.Red}, {Std.Green}, {Std.Blue}); expected finite numbers above 0.");
    }
}
