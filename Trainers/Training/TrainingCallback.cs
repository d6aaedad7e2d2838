using MLClassify.Engines;

namespace MLClassify.Trainers;

/// <summary>
/// A callback of a <see cref="TrainingLoop"/>; each member does nothing unless overridden. The loop calls its callbacks in the order of its
/// list, on its own thread, and all of them before it stops because one returned false. An epoch is: <see cref="OnEpochBegin"/>; for every
/// step <see cref="OnResumePoint"/>, <see cref="OnUpdate"/>, <see cref="OnStep"/>, and <see cref="OnBatch"/> for the step's last batch (for those before it, once the
/// next one has come); <see cref="OnResumePoint"/>; <see cref="OnEpochEnd"/>.
/// </summary>
internal abstract class TrainingCallback
{
    /// <summary>An epoch begins, or goes on after an interruption.</summary>
    /// <param name="batches">Its batches.</param>
    /// <param name="position">The position of the run.</param>
    public virtual void OnEpochBegin(int batches, TrainingPosition position)
    {
    }

    /// <summary>Whether <see cref="OnResumePoint"/> is to be called at the next such point: the device is waited for there.</summary>
    public virtual bool WantsResumePoint => false;

    /// <summary>The run can go on exactly from here: before a step of the optimizer, or at an epoch's end.</summary>
    /// <param name="position">The position of the run.</param>
    public virtual void OnResumePoint(TrainingPosition position)
    {
    }

    /// <summary>The parameters have changed; what the step found is perhaps not known yet.</summary>
    public virtual void OnUpdate()
    {
    }

    /// <summary>A step of the optimizer was made, or refused because a value was not finite; a batch of the next step may have gone through the network.</summary>
    /// <param name="metrics">What it found.</param>
    /// <param name="learningRate">The head's learning rate.</param>
    /// <returns>Whether training goes on; where it does not, the epoch's end is not reached.</returns>
    public virtual bool OnStep(StepMetrics metrics, double learningRate) => true;

    /// <summary>A batch went through the network.</summary>
    /// <param name="epoch">The epoch, counted from 1.</param>
    /// <param name="samples">Its samples.</param>
    /// <param name="totals">The epoch so far; without the batches that no step was made with yet.</param>
    public virtual void OnBatch(int epoch, int samples, EpochTotals totals)
    {
    }

    /// <summary>An epoch's training is done.</summary>
    /// <param name="epoch">The epoch, counted from 1.</param>
    /// <param name="totals">The epoch's totals.</param>
    /// <param name="elapsed">The time since it began, or went on.</param>
    /// <param name="cancellationToken">Cancels the work between batches.</param>
    /// <returns>Whether training goes on.</returns>
    public virtual bool OnEpochEnd(int epoch, EpochTotals totals, Func<TimeSpan> elapsed, CancellationToken cancellationToken) => true;
}
