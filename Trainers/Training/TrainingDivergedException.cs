namespace MLClassify;

/// <summary>
/// The loss or a gradient is no longer finite. The message names step, rate and layer; <see cref="Result"/> has what was reached before. No
/// step was made with what is not finite.
/// </summary>
public sealed class TrainingDivergedException : Exception
{
    /// <summary>Describes the step.</summary>
    /// <param name="epoch">The epoch, counted from 1.</param>
    /// <param name="step">The step of the run, counted from 1.</param>
    /// <param name="learningRate">The head's learning rate at this step.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="layer">The layer whose values are the first that are not finite, or the parameter whose gradient is; null when unknown.</param>
    /// <param name="isGradient">Whether it is a gradient that is not finite.</param>
    internal TrainingDivergedException(int epoch, long step, double learningRate, double loss, string? layer = null, bool isGradient = false)
        : base(FormattableString.Invariant(
            $"{What(loss, layer, isGradient)} at step {step} (epoch {epoch}) with the learning rate {learningRate:g4}; try a lower learning rate, a warm-up or a limit to the gradient's norm"))
    {
        Epoch = epoch;
        Step = step;
        LearningRate = learningRate;
        Layer = layer;
    }

    /// <summary>The layer whose values are the first that are not finite, or the parameter whose gradient is; null when unknown.</summary>
    public string? Layer { get; }

    /// <summary>The epoch, counted from 1.</summary>
    public int Epoch { get; }

    /// <summary>The step of the run, counted from 1.</summary>
    public long Step { get; }

    /// <summary>The head's learning rate at this step.</summary>
    public double LearningRate { get; }

    /// <summary>The best epoch before, which the caller disposes; null when no epoch was finished.</summary>
    public TrainingResult? Result { get; internal set; }

    private static string What(double loss, string? layer, bool isGradient) =>
        isGradient ? $"the gradient of '{layer}' is no longer finite"
        : layer is null ? FormattableString.Invariant($"the loss became {loss}")
        : FormattableString.Invariant($"the loss became {loss}, first in the layer '{layer}',");
}
