using MLClassify.Engines;

namespace MLClassify.Trainers;

/// <summary>The training objective of a batch: targets and loss.</summary>
internal interface IObjective
{
    /// <summary>The loss.</summary>
    LossSpec Loss { get; }

    /// <summary>Makes a batch for the engine; it may change the samples.</summary>
    /// <param name="samples">At least one sample.</param>
    /// <param name="epoch">The epoch, counted from 0.</param>
    /// <param name="batch">The batch's number in the epoch.</param>
    /// <returns>The batch; valid until the next call.</returns>
    HostBatch Prepare(SampleBatch samples, int epoch, int batch);
}
