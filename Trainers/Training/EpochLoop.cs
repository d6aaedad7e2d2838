using MLClassify.Evaluation;
using MLClassify.Graphs;
using MLClassify.Graphs.Sessions;

namespace MLClassify.Trainers;

/// <summary>Trains epoch by epoch: steps, validation, the best kept, and a reason to stop.</summary>
internal sealed class EpochLoop
{
    private readonly int[] _labels;
    private long _step;

    public EpochLoop(int maxBatch) => _labels = new int[maxBatch];

    /// <summary>Epochs of the run.</summary>
    public required int Epochs { get; init; }

    /// <summary>Epochs without improvement that are borne; endless when 0.</summary>
    public required int Patience { get; init; }

    /// <summary>The head's learning rate where the schedule's factor is 1, for reports.</summary>
    public required double LearningRate { get; init; }

    public required ParameterSet Parameters { get; init; }

    public required TrainingSession Session { get; init; }

    public required Optimizer Optimizer { get; init; }

    public required LearningRateSchedule Schedule { get; init; }

    public required IBatchSource Source { get; init; }

    public required IValidator Validator { get; init; }

    public required BestKeeper Best { get; init; }

    public required ProgressReporter Progress { get; init; }

    /// <summary>Told about every epoch: its row and whether it is the best so far.</summary>
    public required Action<EpochResult, bool> EpochCompleted { get; init; }

    /// <summary>Trains until the epochs are over, patience is, or the token says so.</summary>
    /// <returns>Whether the token did.</returns>
    /// <exception cref="TrainingDivergedException">The loss is not a finite number.</exception>
    public bool Run(CancellationToken cancellationToken)
    {
        var stopping = new EarlyStopping(Patience);
        for (int epoch = 1; epoch <= Epochs; epoch++)
        {
            try
            {
                TimeSpan start = Progress.Elapsed;
                EpochTotals totals = Train(epoch, cancellationToken);
                ClassificationReport report = Validate(epoch, totals, cancellationToken);
                double seconds = (Progress.Elapsed - start).TotalSeconds;
                var result = new EpochResult(epoch, seconds, totals.Loss, totals.Accuracy, report.Loss, report.Accuracy, totals.LearningRate);
                bool isBest = Best.Offer(result, report, Parameters);
                EpochCompleted(result, isBest);
                Progress.Epoch(result, isBest, totals);
                if (stopping.ShouldStop(isBest))
                {
                    return false;
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return true;
            }
        }

        return false;
    }

    private EpochTotals Train(int epoch, CancellationToken cancellationToken)
    {
        long totalSteps = (long)Source.Batches * Epochs;
        var totals = new EpochTotals();
        Source.Begin(epoch - 1, cancellationToken);
        Progress.Begin(Source.Batches);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Source.Next(Session.Input, _labels);
            if (count == 0)
            {
                return totals;
            }

            SchedulePoint point = Schedule.At(_step, totalSteps);
            double rate = LearningRate * point.RateFactor;
            StepResult step = Session.Step(_labels.AsSpan(0, count), _step++);
            if (!double.IsFinite(step.LossSum))
            {
                throw new TrainingDivergedException(epoch, _step, rate, step.LossSum / count);
            }

            Optimizer.Step(point);
            totals = totals.Add(step, rate);
            Progress.Batch(TrainingPhase.Training, epoch, count, totals);
        }
    }

    private ClassificationReport Validate(int epoch, EpochTotals totals, CancellationToken cancellationToken)
    {
        Progress.Begin((Validator.Images + Validator.BatchSize - 1) / Validator.BatchSize);
        return Validator.Evaluate(Parameters, count => Progress.Batch(TrainingPhase.Evaluating, epoch, count, totals), cancellationToken);
    }
}
