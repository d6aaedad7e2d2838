using MLClassify.Graphs;

namespace MLClassify.Engines;

/// <summary>
/// Trains a network: batches of host memory go in, one synchronized result a step comes out. Gradients, their accumulation and limit, the
/// optimizer and its state are the engine's, as <see cref="TrainingSpec"/> declares them. One caller at a time.
/// </summary>
internal interface ITrainingSession : IDisposable
{
    /// <summary>The largest batch.</summary>
    int MaxBatch { get; }

    /// <summary>The parameters that are trained, in the graph's order.</summary>
    IReadOnlyList<Parameter> Trained { get; }

    /// <summary>Bytes that activations and their gradients take.</summary>
    long ActivationBytes { get; }

    /// <summary>Steps of the optimizer since the run began.</summary>
    long Steps { get; }

    /// <summary>Forward and backward: adds a batch's gradients to those of the batches since the last step.</summary>
    /// <param name="batch">1 to <see cref="MaxBatch"/> samples with their targets.</param>
    /// <param name="step">The batch's number in the run, which together with the spec's seed decides dropout.</param>
    /// <exception cref="ArgumentException">
    /// There is no sample, more than <see cref="MaxBatch"/>, a label that is no class, or targets that the spec's loss does not take.
    /// </exception>
    void Accumulate(HostBatch batch, long step);

    /// <summary>
    /// Makes a step of the optimizer with the mean gradient of all samples since the last one. No step is made where a loss or a gradient is
    /// not finite; the result then says where that was first so.
    /// </summary>
    /// <param name="settings">This step's rate and momentum.</param>
    /// <exception cref="InvalidOperationException">There was no batch since the last step.</exception>
    StepMetrics Apply(StepSettings settings);

    /// <summary>
    /// Makes a step as <see cref="Apply"/> does, with the same numbers, and does not wait for the device where that can be avoided. Where a value is not
    /// finite the parameters are then of no use.
    /// </summary>
    /// <param name="settings">This step's rate and momentum.</param>
    /// <returns>The result; null where <see cref="Complete"/> has it, which is called before the next step.</returns>
    /// <exception cref="InvalidOperationException">There was no batch since the last step.</exception>
    StepMetrics? Submit(StepSettings settings) => Apply(settings);

    /// <summary>Waits for the result of the step that <see cref="Submit"/> made; batches may have been accumulated since.</summary>
    /// <exception cref="InvalidOperationException">There is no such step.</exception>
    StepMetrics Complete() => throw new InvalidOperationException("There is no step whose result is not known.");

    /// <summary>Writes a parameter's gradient, the mean over the samples since the last step, before any limit.</summary>
    /// <param name="name">torchvision's name of a trained parameter.</param>
    /// <param name="values">Receives the gradient in the outside world's order.</param>
    /// <exception cref="KeyNotFoundException">No trained parameter has this name.</exception>
    /// <exception cref="ArgumentException">The number of values is wrong.</exception>
    /// <exception cref="InvalidOperationException">There was no batch since the last step.</exception>
    void ExportGradient(string name, Span<float> values);

    /// <summary>The optimizer's state beside the parameters, for a run that is to go on later; read before the next step.</summary>
    IReadOnlyList<OptimizerTensor> ExportState();

    /// <summary>Takes up the state of an earlier session with the same graph and spec.</summary>
    /// <param name="steps">Its <see cref="Steps"/>.</param>
    /// <param name="read">
    /// Gives the values of a tensor that <see cref="ExportState"/> gave; null for a session that had no state beside its steps.
    /// </param>
    void RestoreState(long steps, Func<OptimizerTensor, float[]>? read);
}

/// <summary>A part of an optimizer's state that belongs to one parameter, such as its velocity.</summary>
/// <param name="Name">What it is, such as <c>velocity</c>.</param>
/// <param name="Parameter">The parameter, whose dimensions it has.</param>
/// <param name="Export">Reads it in the outside world's order.</param>
internal sealed record OptimizerTensor(string Name, Parameter Parameter, Func<float[]> Export);

/// <summary>The settings of one step, such as its learning rates.</summary>
/// <param name="RateFactor">The factor of every group's learning rate.</param>
/// <param name="Momentum">SGD's momentum or Adam's first factor in this step; the optimizer's own when null.</param>
internal readonly record struct StepSettings(double RateFactor, double? Momentum = null);

/// <summary>The metrics of one step of the optimizer, over all its batches.</summary>
/// <param name="Samples">Samples.</param>
/// <param name="LossSum">The sum of their losses.</param>
/// <param name="Correct">How many had their largest logit at the true class; 0 where there are no classes.</param>
/// <param name="GradientNorm">The norm of the mean gradient before it was limited; NaN where no step was made.</param>
/// <param name="NonFinite">Where a value was not finite, so that no step was made; null where all were.</param>
internal readonly record struct StepMetrics(int Samples, double LossSum, int Correct, double GradientNorm, NonFiniteValue? NonFinite = null);

/// <summary>Where a value first was not finite.</summary>
/// <param name="Name">The layer whose output it was, or the parameter whose gradient; null where only the loss is not finite.</param>
/// <param name="IsGradient">Whether the loss was finite and a gradient was not.</param>
internal sealed record NonFiniteValue(string? Name, bool IsGradient);
