namespace MLClassify.Trainers;

/// <summary>The loss is no longer a finite number. The message names the step and the rate; <see cref="Result"/> has what was reached before.</summary>
public sealed class TrainingDivergedException : Exception
{
    /// <summary>Describes the step.</summary>
    /// <param name="epoch">The epoch, counted from 1.</param>
    /// <param name="step">The step of the run, counted from 1.</param>
    /// <param name="learningRate">The head's learning rate at this step.</param>
    /// <param name="loss">The loss.</param>
    internal TrainingDivergedException(int epoch, long step, double learningRate, double loss)
        : base(FormattableString.Invariant(
            $"the loss became {loss} at step {step} (epoch {epoch}) with the learning rate {learningRate:g4}; try a lower learning rate"))
    {
        Epoch = epoch;
        Step = step;
        LearningRate = learningRate;
    }

    /// <summary>The epoch, counted from 1.</summary>
    public int Epoch { get; }

    /// <summary>The step of the run, counted from 1.</summary>
    public long Step { get; }

    /// <summary>The head's learning rate at this step.</summary>
    public double LearningRate { get; }

    /// <summary>The best epoch before, which the caller disposes; null when no epoch was finished.</summary>
    public TrainingResult? Result { get; internal set; }
}
