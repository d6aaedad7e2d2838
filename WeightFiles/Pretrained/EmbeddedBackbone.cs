namespace MLClassify.WeightFiles.Pretrained;

/// <summary>A pretrained network inside this library, for work without a network connection.</summary>
/// <param name="Network">Its name in the registry.</param>
/// <param name="Open">Opens its weights, with or without a head.</param>
public sealed record EmbeddedBackbone(string Network, Func<IWeightFile> Open)
{
    private const string NetworkName = "resnet20_half";
    private const string Resource = NetworkName + ".safetensors";

    /// <summary>The embedded network; <c>assets/README.md</c> tells how it was trained and what it is worth.</summary>
    public static EmbeddedBackbone Current { get; } = new(NetworkName, OpenResource)
    {
        Origin = "learned without labels from MobileNetV2, SqueezeNet 1.1 and ResNet-18, on 132,455 photos without flowers, dogs and cats",
    };

    /// <summary>What its weights were made from, in a few words: figures on images that they were made from flatter them. Null when unknown.</summary>
    public string? Origin { get; init; }

    private static IWeightFile OpenResource()
    {
        Stream stream = typeof(EmbeddedBackbone).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The library lacks its resource '{Resource}'.");
        try
        {
            return WeightFile.Open(stream, $"embedded {Resource}");
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }
}
