namespace MLClassify;

/// <summary>Mean and standard deviation of each colour, for values in 0..1.</summary>
/// <param name="Mean">Subtracted first.</param>
/// <param name="Std">Divided by then.</param>
public readonly record struct Normalization(ChannelValues Mean, ChannelValues Std)
{
    /// <summary>That of ImageNet's training pictures, which torchvision's weights expect.</summary>
    public static Normalization ImageNet { get; } =
        new(new ChannelValues(0.485f, 0.456f, 0.406f), new ChannelValues(0.229f, 0.224f, 0.225f));

    /// <summary>One half and one half: values in -1..1.</summary>
    public static Normalization Half { get; } = new(ChannelValues.All(0.5f), ChannelValues.All(0.5f));

    /// <summary>Zero and one: values stay in 0..1.</summary>
    public static Normalization None { get; } = new(ChannelValues.All(0f), ChannelValues.All(1f));

    /// <summary>Finds a normalisation by name.</summary>
    /// <param name="name"><c>imagenet</c>, <c>half</c> or <c>none</c>.</param>
    /// <exception cref="ArgumentException">Another name.</exception>
    public static Normalization Parse(string name) => name switch
    {
        "imagenet" => ImageNet,
        "half" => Half,
        "none" => None,
        _ => throw new ArgumentException($"Unknown normalisation '{name}'; expected imagenet, half or none.", nameof(name)),
    };
}
