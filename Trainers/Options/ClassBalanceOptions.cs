namespace MLClassify;

/// <summary>How much the images of each class count. Part of <see cref="FineTuneOptions"/>.</summary>
public sealed record ClassBalanceOptions
{
    /// <summary>
    /// Class weights in the loss, such as <see cref="ClassWeights.Balanced"/>, or <c>ClassWeights.Parse("daisy=2,rose=0.5")</c>. Default null:
    /// all count the same.
    /// </summary>
    public ClassWeights? Weights { get; init; }

    /// <summary>Balanced sampling: whether every class is drawn equally often in an epoch, whatever its number of images. Default false.</summary>
    public bool BalancedSampling { get; init; }
}
