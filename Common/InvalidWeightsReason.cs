namespace MLClassify;

/// <summary>What an <see cref="InvalidWeightsException"/> is about, where a program may want to know.</summary>
public enum InvalidWeightsReason
{
    /// <summary>The content is damaged, not supported, or of another network.</summary>
    Content,

    /// <summary>Weights alone were given where a model was wanted.</summary>
    WeightsInsteadOfModel,

    /// <summary>A model, which brings its own network, was given where weights were wanted.</summary>
    ModelInsteadOfWeights,
}
