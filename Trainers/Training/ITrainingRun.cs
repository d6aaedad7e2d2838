namespace MLClassify.Trainers;

/// <summary>
/// Where a training run writes what it has so far, so that nothing is lost when it ends early. <c>RunFolder</c> of MLClassify.Reports writes
/// the files of a run's folder. Called on the training thread.
/// </summary>
public interface ITrainingRun
{
    /// <summary>The file that the trainer writes its checkpoints to and resumes from; its folder exists. The trainer does not delete it.</summary>
    string CheckpointPath { get; }

    /// <summary>Receives the history after every epoch.</summary>
    /// <param name="epochs">The epochs that were finished, in order; the list grows with the run.</param>
    /// <param name="best">The best of them.</param>
    void EpochCompleted(IReadOnlyList<EpochResult> epochs, EpochResult? best);

    /// <summary>
    /// Receives the model after every epoch that is the best so far, following <see cref="EpochCompleted"/>. Not called where the head alone
    /// is trained: that takes moments, and its result has the model.
    /// </summary>
    /// <param name="save">Writes it as a model file to the path that it is given. Not to be kept: training goes on with the same values.</param>
    void SaveBest(Action<string> save);
}
