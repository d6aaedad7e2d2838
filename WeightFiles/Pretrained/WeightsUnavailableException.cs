using System.Globalization;

namespace MLClassify.WeightFiles.Pretrained;

/// <summary>
/// Published weights are neither here nor could they be fetched. The message names the file, where to get it, and where to put it.
/// </summary>
public sealed class WeightsUnavailableException : IOException
{
    /// <summary>Describes the problem.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="path">Where the file belongs.</param>
    /// <param name="reason">Why it could not be fetched, in a few words.</param>
    /// <param name="innerException">The cause, if any.</param>
    public WeightsUnavailableException(PublishedWeights weights, string path, string reason, Exception? innerException = null)
        : base(Describe(weights, path, reason), innerException)
    {
        Weights = weights;
        Reason = reason;
    }

    /// <summary>The weights.</summary>
    public PublishedWeights Weights { get; }

    /// <summary>Why they could not be fetched, in a few words.</summary>
    public string Reason { get; }

    /// <summary>Whether nothing was asked for, because <see cref="WeightsCacheOptions.IsOffline"/> forbids it. Default false.</summary>
    public bool IsOffline { get; init; }

    private static string Describe(PublishedWeights weights, string path, string reason)
    {
        ArgumentNullException.ThrowIfNull(weights);
        string size = string.Create(CultureInfo.InvariantCulture, $"{weights.Mebibytes:0.0} MiB");
        return $"The weights of {weights.Network} are not here: {reason}. Get {weights.FileName} ({size}) from {weights.Address} by other means and copy it to {path}.";
    }
}
