using System.Diagnostics;
using MLClassify.Engines;

namespace MLClassify.Trainers;

/// <summary>
/// The one training loop: an objective turns a source's batches into targets, an engine's session trains on them, and callbacks validate,
/// save checkpoints, report and stop. Fine-tuning, distillation and the search for a learning rate differ in these parts alone.
/// </summary>
internal sealed class TrainingLoop
{
    private readonly Stopwatch _clock = new();

    /// <summary>What is trained.</summary>
    public required ITrainingSession Session { get; init; }

    /// <summary>Where samples come from.</summary>
    public required IBatchSource Source { get; init; }

    /// <summary>The objective.</summary>
    public required IObjective Objective { get; init; }

    /// <summary>The learning rate of every step.</summary>
    public required IRatePlan Rates { get; init; }

    /// <summary>Batches whose gradients make one step; an epoch's last step may have fewer.</summary>
    public int AccumulationSteps { get; init; } = 1;

    /// <summary>The callbacks, called in this order.</summary>
    public required IReadOnlyList<TrainingCallback> Callbacks { get; init; }

    /// <summary>The last position that the run can be resumed from exactly.</summary>
    public required TrainingPosition Position { get; set; }

    /// <summary>Trains until the epochs are over or a callback says so.</summary>
    /// <param name="end">The epoch after the last, counted from 0.</param>
    /// <param name="cancellationToken">Cancels training before the next step.</param>
    /// <returns>Whether a callback ended it.</returns>
    /// <exception cref="TrainingDivergedException">The loss or a gradient is not finite.</exception>
    /// <exception cref="OperationCanceledException">The operation was canceled.</exception>
    public bool Run(int end, CancellationToken cancellationToken)
    {
        while (Position.Epoch < end)
        {
            _clock.Restart();
            if (!TrainEpoch(cancellationToken))
            {
                return true;
            }

            bool goesOn = true;
            foreach (TrainingCallback callback in Callbacks)
            {
                goesOn &= callback.OnEpochEnd(Position.Epoch + 1, Position.Totals, () => _clock.Elapsed, cancellationToken);
            }

            Position = Position.NextEpoch();
            if (!goesOn)
            {
                return true;
            }
        }

        return false;
    }

    private bool TrainEpoch(CancellationToken cancellationToken)
    {
        (int epoch, _, int updates, long step, EpochTotals totals) = Position;
        Source.Begin(epoch, Position.Batch);
        for (int i = 0; i < Callbacks.Count; i++)
        {
            Callbacks[i].OnEpochBegin(Source.Batches, Position);
        }

        while (true)
        {
            ReachResumePoint(new TrainingPosition(epoch, Source.Current + 1, updates, step, totals));
            cancellationToken.ThrowIfCancellationRequested();
            int last = Accumulate(epoch, totals, ref step, out bool isEnd);
            if (last > 0)
            {
                StepSettings settings = Rates.At(epoch, updates, out double rate);
                StepMetrics metrics = Session.Apply(settings);
                totals = totals.Add(metrics, rate);
                updates++;
                if (!Stepped(metrics, epoch, step, rate, totals))
                {
                    return false;
                }

                Report(epoch, last, totals);
            }

            if (isEnd)
            {
                ReachResumePoint(new TrainingPosition(epoch, Source.Batches, updates, step, totals));
                return true;
            }
        }
    }

    // The batches of one step. Returns the last one's samples, 0 where the epoch had no more; the others are reported here.
    private int Accumulate(int epoch, EpochTotals totals, ref long step, out bool isEnd)
    {
        int last = 0;
        for (int i = 0; i < AccumulationSteps; i++)
        {
            SampleBatch samples = Source.Next();
            if (samples.Count == 0)
            {
                isEnd = true;
                return last;
            }

            if (last > 0)
            {
                Report(epoch, last, totals);
            }

            Session.Accumulate(Objective.Prepare(samples, epoch, Source.Current), step++);
            last = samples.Count;
        }

        isEnd = false;
        return last;
    }

    private bool Stepped(StepMetrics metrics, int epoch, long step, double rate, EpochTotals totals)
    {
        bool goesOn = true;
        for (int i = 0; i < Callbacks.Count; i++)
        {
            goesOn &= Callbacks[i].OnStep(metrics, rate);
        }

        if (goesOn && metrics.NonFinite is { } value)
        {
            double loss = value.IsGradient ? totals.Loss : metrics.LossSum / metrics.Samples;
            throw new TrainingDivergedException(epoch + 1, step, rate, loss, value.Name, value.IsGradient);
        }

        return goesOn;
    }

    private void Report(int epoch, int samples, EpochTotals totals)
    {
        for (int i = 0; i < Callbacks.Count; i++)
        {
            Callbacks[i].OnBatch(epoch + 1, samples, totals);
        }
    }

    private void ReachResumePoint(TrainingPosition position)
    {
        Position = position;
        for (int i = 0; i < Callbacks.Count; i++)
        {
            Callbacks[i].OnResumePoint(position);
        }
    }
}
