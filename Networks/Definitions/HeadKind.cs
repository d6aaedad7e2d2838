using System.Text.Json.Serialization;

namespace MLClassify.Networks;

/// <summary>The kind of head (classifier) that follows a backbone's features.</summary>
[JsonConverter(typeof(HeadKindConverter))]
public enum HeadKind
{
    /// <summary>The classifier of the network's paper or of torchvision.</summary>
    [JsonStringEnumMemberName("native")]
    Original,

    /// <summary>Pooled features, dropout where there is some, one linear layer: a head that can be trained on stored features.</summary>
    Linear,

    /// <summary>
    /// Pooled features, a hidden linear layer with ReLU, dropout, one linear layer, in place of the classifier's last layer: what
    /// PyTorch's <c>Sequential(Linear, ReLU, Dropout, Linear)</c> gives, whose names it has: <c>fc.0.weight</c>, <c>fc.3.weight</c>
    /// where the network's last layer is <c>fc</c>.
    /// </summary>
    [JsonStringEnumMemberName("hidden")]
    Mlp,
}
