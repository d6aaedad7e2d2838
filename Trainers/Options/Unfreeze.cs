namespace MLClassify;

/// <summary>What of a network is trained.</summary>
public enum Unfreeze
{
    /// <summary>The head alone: the backbone runs once over every image, and its features are kept.</summary>
    Head,

    /// <summary>Every layer.</summary>
    All,
}
