namespace MLClassify.WeightFiles.Pretrained;

/// <summary>
/// A selection names weights that are neither published for the network nor imported into the cache. The message names the network and what
/// there is.
/// </summary>
public sealed class UnknownWeightsException : ArgumentException
{
    internal UnknownWeightsException(string message)
        : base(message)
    {
    }
}
