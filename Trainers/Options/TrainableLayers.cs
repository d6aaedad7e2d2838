namespace MLClassify;

/// <summary>Which layers of a network are trained.</summary>
public enum TrainableLayers
{
    /// <summary>The head alone: the backbone runs once over every image, and its features are kept.</summary>
    Head,

    /// <summary>Every layer.</summary>
    All,
}
