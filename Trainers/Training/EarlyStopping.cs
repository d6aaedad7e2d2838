namespace MLClassify.Trainers;

/// <summary>Says when an epoch is the last because none was better for a while.</summary>
/// <param name="patience">Epochs without improvement that are borne; endless when 0.</param>
internal sealed class EarlyStopping(int patience)
{
    private int _waited;

    /// <summary>Counts an epoch.</summary>
    /// <param name="improved">Whether it was the best so far.</param>
    /// <returns>Whether training should stop.</returns>
    public bool ShouldStop(bool improved)
    {
        _waited = improved ? 0 : _waited + 1;
        return patience > 0 && _waited >= patience;
    }
}
