using MLClassify.Evaluation;
using MLClassify.Graphs;
using MLClassify.Graphs.Sessions;

namespace MLClassify.Trainers;

/// <summary>Trains a stage epoch by epoch: steps, validation, the best kept, and a reason to stop.</summary>
internal sealed class EpochLoop
{
    public required TrainingStage Stage { get; init; }

    /// <summary>Epochs without improvement that are borne; endless when 0.</summary>
    public required int Patience { get; init; }

    /// <summary>The head's learning rate where the schedule's factor is 1, for reports.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Steps of the optimiser in an epoch.</summary>
    public required int UpdatesPerEpoch { get; init; }

    public required ParameterSet Parameters { get; init; }

    public required BatchStep Batch { get; init; }

    public required GradientUpdate Update { get; init; }

    public required LearningRateSchedule Schedule { get; init; }

    /// <summary>The rate's dependence on validation; none when null.</summary>
    public PlateauRule? Plateau { get; init; }

    /// <summary>The average that is validated in place of the values themselves; none when null.</summary>
    public WeightAverage? Average { get; init; }

    public required IValidator Validator { get; init; }

    public required BestKeeper Best { get; init; }

    public required ProgressReporter Progress { get; init; }

    /// <summary>The epochs of the run so far; whoever hears of an epoch adds it.</summary>
    public required IReadOnlyList<EpochResult> History { get; init; }

    /// <summary>Told about every epoch: its row and whether it is the best so far.</summary>
    public required Action<EpochResult, bool> EpochCompleted { get; init; }

    /// <summary>Told where the run stands, before every step of the optimiser.</summary>
    public Action<TrainingPosition>? Reached { get; set; }

    /// <summary>Where the run stands: the last place from which it can go on exactly.</summary>
    public required TrainingPosition Position { get; set; }

    private IReadOnlyList<EpochResult> OfStage => [.. History.Where(e => e.Epoch > Stage.First)];

    /// <summary>Trains until the stage is over, patience is, or the token says so.</summary>
    /// <returns>Whether the run is over before its last epoch.</returns>
    /// <exception cref="TrainingDivergedException">The loss or a gradient is not finite.</exception>
    /// <exception cref="OperationCanceledException">The token said so.</exception>
    public bool Run(CancellationToken cancellationToken)
    {
        while (Position.Epoch < Stage.End)
        {
            TimeSpan start = Progress.Elapsed;
            Train(cancellationToken);
            int epoch = Position.Epoch + 1;
            EpochTotals totals = Position.Totals;
            ParameterSet values = Average?.Values ?? Parameters;
            ClassificationReport report = Validate(epoch, totals, values, cancellationToken);
            double seconds = (Progress.Elapsed - start).TotalSeconds;
            var result = new EpochResult(epoch, seconds, totals.Loss, totals.Accuracy, report.Loss, report.Accuracy, totals.LearningRate);
            bool isBest = Best.Offer(result, report, values);
            EpochCompleted(result, isBest);
            Progress.Epoch(result, isBest, totals);
            Position = Position.NextEpoch();
            if (!Stage.IsHead && IsOver(epoch))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsOver(int epoch)
    {
        int best = Math.Max(Stage.First, Best.Epoch?.Epoch ?? 0);
        return (Patience > 0 && epoch - best >= Patience) || Plateau?.IsOver(OfStage) == true;
    }

    private void Train(CancellationToken cancellationToken)
    {
        (int epoch, _, int updates, long step, EpochTotals totals) = Position;
        double factor = Plateau?.Factor(OfStage) ?? 1;
        Batch.Source.Begin(epoch, Position.Batch);
        Progress.Begin(Batch.Source.Batches, Position.Batch);
        while (true)
        {
            if (Update.IsClear)
            {
                Position = new TrainingPosition(epoch, Batch.Source.Current + 1, updates, step, totals);
                Reached?.Invoke(Position);
                cancellationToken.ThrowIfCancellationRequested();
            }

            SchedulePoint point = PointAt(epoch, updates);
            double rate = LearningRate * point.RateFactor * factor;
            StepResult result = Batch.Run(epoch, step);
            if (result.Samples == 0)
            {
                break;
            }

            step++;
            if (!double.IsFinite(result.LossSum))
            {
                string? layer = Batch.FindNonFinite(epoch, step - 1, result.Samples);
                throw new TrainingDivergedException(epoch + 1, step, rate, result.LossSum / result.Samples, layer);
            }

            totals = totals.Add(result, rate);
            if (Update.Add(result.Samples))
            {
                Step(point, factor, epoch, step, rate, totals.Loss);
                updates++;
            }

            Progress.Batch(TrainingPhase.Training, epoch + 1, result.Samples, totals);
        }

        if (!Update.IsClear)
        {
            Step(PointAt(epoch, updates), factor, epoch, step, totals.LearningRate, totals.Loss);
            updates++;
        }

        Position = new TrainingPosition(epoch, Batch.Source.Batches, updates, step, totals);
        Reached?.Invoke(Position);
    }

    private SchedulePoint PointAt(int epoch, int updates) =>
        Schedule.At(((long)(epoch - Stage.First) * UpdatesPerEpoch) + updates, (long)Stage.Epochs * UpdatesPerEpoch);

    private void Step(SchedulePoint point, double factor, int epoch, long step, double rate, double loss)
    {
        if (Update.Step(point, factor) is { } parameter)
        {
            throw new TrainingDivergedException(epoch + 1, step, rate, loss, parameter, isGradient: true);
        }

        Average?.Add();
    }

    private ClassificationReport Validate(int epoch, EpochTotals totals, ParameterSet values, CancellationToken cancellationToken)
    {
        Progress.Begin((Validator.Images + Validator.BatchSize - 1) / Validator.BatchSize);
        return Validator.Evaluate(values, count => Progress.Batch(TrainingPhase.Evaluating, epoch, count, totals), cancellationToken);
    }
}
