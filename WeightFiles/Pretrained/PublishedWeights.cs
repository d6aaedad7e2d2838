using MLClassify.Common;

namespace MLClassify.WeightFiles.Pretrained;

/// <summary>A file of weights that torchvision publishes.</summary>
/// <param name="Network">The network's name in the registry.</param>
/// <param name="Variant">torchvision's version in lower case: <c>v1</c> is its <c>IMAGENET1K_V1</c>.</param>
/// <param name="FileName">The file's name, which ends in the first digits of its SHA-256.</param>
/// <param name="Top1">The share of ImageNet's validation images that it classifies rightly, as torchvision measured it.</param>
/// <param name="Mebibytes">The file's size in MiB, to three digits.</param>
/// <param name="ResizeSize">The short side, in pixels, that images are brought to before 224 x 224 are cut from their center.</param>
/// <param name="IsDefault">Whether <c>pretrained</c> alone means this file.</param>
public sealed record PublishedWeights(
    string Network, string Variant, string FileName, double Top1, double Mebibytes, int ResizeSize = 256, bool IsDefault = true)
{
    /// <summary>The folder that the files of torchvision are in.</summary>
    public static Uri Server { get; } = new("https://download.pytorch.org/models/");

    /// <summary>What is known about the terms of use of all of torchvision's files.</summary>
    public const string License =
        "published by torchvision (BSD-3-Clause), which says that weights may have terms of their own, derived from their training data; trained on ImageNet, whose terms allow non-commercial research";

    private const int HashDigits = 8;

    /// <summary>Where the file is published.</summary>
    public Uri Address => new(Server, FileName);

    /// <summary>The first eight hex digits of the file's SHA-256.</summary>
    public string Sha256 => Path.GetFileNameWithoutExtension(FileName)[^HashDigits..];

    /// <summary>More bytes than the file can have.</summary>
    internal long MaximumBytes => (long)((Mebibytes + 1) * (1 << 20));
}
