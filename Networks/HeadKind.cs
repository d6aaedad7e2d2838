using System.Text.Json.Serialization;

namespace MLClassify.Networks;

/// <summary>What stands after a backbone's features.</summary>
[JsonConverter(typeof(HeadKindConverter))]
public enum HeadKind
{
    /// <summary>The classifier of the network's paper or of torchvision.</summary>
    Native,

    /// <summary>Pooled features, dropout where there is some, one linear layer: a head that can be trained on stored features.</summary>
    Linear,
}
