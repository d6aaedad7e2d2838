namespace MLClassify.Trainers;

/// <summary>Epochs that train the same parameters.</summary>
/// <param name="First">The first epoch, counted from 0.</param>
/// <param name="End">The epoch after the last.</param>
/// <param name="IsHead">Whether the head alone is trained, while the backbone computes as in inference.</param>
internal readonly record struct TrainingStage(int First, int End, bool IsHead)
{
    /// <summary>Its epochs.</summary>
    public int Epochs => End - First;

    /// <summary>The stages that options ask for.</summary>
    public static IReadOnlyList<TrainingStage> Of(FineTuneOptions options)
    {
        int epochs = options.Epochs.GetValueOrDefault();
        int frozen = options.TrainableLayers == TrainableLayers.Head ? 0 : options.Freezing.Epochs;
        return frozen == 0 ? [new(0, epochs, false)] : [new(0, frozen, true), new(frozen, epochs, false)];
    }
}
