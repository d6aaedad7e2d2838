using MLClassify.Engines;

namespace MLClassify.Trainers;

/// <summary>
/// The one training loop: an objective turns a source's batches into targets, an engine's session trains on them, and callbacks validate,
/// save checkpoints, report and stop. Fine-tuning, distillation and the search for a learning rate differ in these parts alone.
/// </summary>
internal sealed class TrainingLoop
{
    private EpochTotals _totals;
    private OpenStep? _open;

    /// <summary>What is trained.</summary>
    public required ITrainingSession Session { get; init; }

    /// <summary>Where samples come from.</summary>
    public required IBatchSource Source { get; init; }

    /// <summary>The objective.</summary>
    public required IObjective Objective { get; init; }

    /// <summary>The learning rate of every step.</summary>
    public required IRatePlan Rates { get; init; }

    /// <summary>Measures how long epochs take.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Batches whose gradients make one step; an epoch's last step may have fewer.</summary>
    public int AccumulationSteps { get; init; } = 1;

    /// <summary>Who takes part; called in this order.</summary>
    public required IReadOnlyList<TrainingCallback> Callbacks { get; init; }

    /// <summary>The last position that the run can be resumed from exactly.</summary>
    public required TrainingPosition Position { get; set; }

    /// <summary>Trains until the epochs are over or a callback says so.</summary>
    /// <param name="end">The epoch after the last, counted from 0.</param>
    /// <param name="cancellationToken">Cancels training before the next step.</param>
    /// <returns>True when a callback ended it, false when the epochs are over.</returns>
    /// <exception cref="TrainingDivergedException">The loss or a gradient is not finite.</exception>
    /// <exception cref="OperationCanceledException">The operation was canceled.</exception>
    public bool Run(int end, CancellationToken cancellationToken)
    {
        while (Position.Epoch < end)
        {
            long start = Time.GetTimestamp();
            if (!TrainEpoch(cancellationToken))
            {
                return true;
            }

            bool goesOn = true;
            foreach (TrainingCallback callback in Callbacks)
            {
                goesOn &= callback.OnEpochEnd(Position.Epoch + 1, Position.Totals, () => Time.GetElapsedTime(start), cancellationToken);
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
        (int epoch, _, int updates, long step, _totals) = Position;
        Source.Begin(epoch, Position.Batch);
        for (int i = 0; i < Callbacks.Count; i++)
        {
            Callbacks[i].OnEpochBegin(Source.Batches, Position);
        }

        while (true)
        {
            bool isCanceled = cancellationToken.IsCancellationRequested;
            if (!ReachResumePoint(new TrainingPosition(epoch, Source.Current + 1, updates, step, _totals), isCanceled))
            {
                return false;
            }

            if (isCanceled)
            {
                throw new OperationCanceledException(cancellationToken);
            }

            if (!Accumulate(epoch, ref step, out int last, out bool isEnd))
            {
                return false;
            }

            if (last > 0)
            {
                StepSettings settings = Rates.At(epoch, updates, out double rate);
                StepMetrics? metrics = Session.Submit(settings);
                _open = new OpenStep(epoch, step, rate, last);
                updates++;
                for (int i = 0; i < Callbacks.Count; i++)
                {
                    Callbacks[i].OnUpdate();
                }

                if (metrics is { } known && !Close(known))
                {
                    return false;
                }
            }

            if (isEnd)
            {
                return ReachResumePoint(new TrainingPosition(epoch, Source.Batches, updates, step, _totals), isNeeded: true);
            }
        }
    }

    // The batches of one step; last is the last one's samples, 0 where the epoch had no more, and the others are reported here. The step before is
    // closed when the device has been given work beyond it. False where that ends the run.
    private bool Accumulate(int epoch, ref long step, out int last, out bool isEnd)
    {
        (last, isEnd) = (0, false);
        for (int i = 0; i < AccumulationSteps; i++)
        {
            SampleBatch samples = Source.Next();
            if (samples.Count == 0)
            {
                isEnd = true;
                break;
            }

            if (last > 0)
            {
                Report(epoch, last);
            }

            Session.Accumulate(Objective.Prepare(samples, epoch, Source.Current), step++);
            last = samples.Count;
            if (!CloseOpen())
            {
                return false;
            }
        }

        return CloseOpen();
    }

    private bool CloseOpen() => _open is null || Close(Session.Complete());

    private bool Close(StepMetrics metrics)
    {
        (int epoch, long step, double rate, int samples) = _open.GetValueOrDefault();
        _open = null;
        _totals = _totals.Add(metrics, rate);
        bool goesOn = true;
        for (int i = 0; i < Callbacks.Count; i++)
        {
            goesOn &= Callbacks[i].OnStep(metrics, rate);
        }

        if (goesOn && metrics.NonFinite is { } value)
        {
            double loss = value.IsGradient ? _totals.Loss : metrics.LossSum / metrics.Samples;
            throw new TrainingDivergedException(epoch + 1, step, rate, loss, value.Name, value.IsGradient);
        }

        if (goesOn)
        {
            Report(epoch, samples);
        }

        return goesOn;
    }

    private void Report(int epoch, int samples)
    {
        for (int i = 0; i < Callbacks.Count; i++)
        {
            Callbacks[i].OnBatch(epoch + 1, samples, _totals);
        }
    }

    // A position is whole when the last step's result is known, for which the device is waited for only where somebody needs it.
    private bool ReachResumePoint(TrainingPosition position, bool isNeeded)
    {
        bool isWanted = false;
        for (int i = 0; i < Callbacks.Count; i++)
        {
            isWanted |= Callbacks[i].WantsResumePoint;
        }

        if ((isNeeded || isWanted) && !CloseOpen())
        {
            return false;
        }

        Position = position with { Totals = _totals };
        for (int i = 0; isWanted && i < Callbacks.Count; i++)
        {
            if (Callbacks[i].WantsResumePoint)
            {
                Callbacks[i].OnResumePoint(Position);
            }
        }

        return true;
    }

    // A step whose result is not known yet.
    private readonly record struct OpenStep(int Epoch, long Step, double Rate, int Samples);
}
