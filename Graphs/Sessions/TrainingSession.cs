using MLClassify.Graphs.Devices;

namespace MLClassify.Graphs.Sessions;

/// <summary>How a training session runs.</summary>
public sealed class TrainingSessionOptions
{
    /// <summary>The largest batch. Default 32; at least 1.</summary>
    public int MaxBatch { get; init; } = 32;

    /// <summary>Names every stream of chance. Default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>The share of the target spread evenly over all classes. Default 0; in [0, 1).</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>Which parameters get gradients; every trainable one when null.</summary>
    public Func<Parameter, bool>? Trainable { get; init; }

    /// <summary>Whether batch normalisation uses its running statistics and leaves them alone. Default false.</summary>
    public bool FreezeBatchNormStatistics { get; init; }
}

/// <summary>What a training step found.</summary>
/// <param name="Samples">Samples in the batch.</param>
/// <param name="LossSum">The sum of their losses.</param>
/// <param name="Correct">How many had their largest logit at the true class.</param>
public readonly record struct StepResult(int Samples, double LossSum, int Correct);

/// <summary>A parameter under training.</summary>
/// <param name="Parameter">The declaration.</param>
/// <param name="Value">Its values, packed.</param>
/// <param name="Gradient">Its gradient of the last step, packed likewise.</param>
public sealed record TrainedParameter(Parameter Parameter, Tensor Value, Tensor Gradient);

/// <summary>
/// Runs a graph forward and backward against softmax cross-entropy. Changes batch normalisation's running statistics; everything else of
/// the parameters is left to an optimiser. One caller at a time.
/// </summary>
public sealed class TrainingSession : IDisposable
{
    /// <summary>Plans memory for a graph whose output is logits, <c>[N, 1, 1, classes]</c>.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="parameters">Its parameters; used in place.</param>
    /// <param name="options">How to run.</param>
    public TrainingSession(Graph graph, ParameterSet parameters, TrainingSessionOptions options) => throw new NotImplementedException();

    /// <summary>The parameters that get gradients.</summary>
    public IReadOnlyList<TrainedParameter> Trained => throw new NotImplementedException();

    /// <summary>The largest batch.</summary>
    public int MaxBatch { get; }

    /// <summary>Bytes of activations, gradients and what operators leave for them.</summary>
    public long ActivationBytes { get; }

    /// <summary>Where the caller writes samples, <c>[MaxBatch, H, W, C]</c>.</summary>
    public Span<float> Input => throw new NotImplementedException();

    /// <summary>The logits of the last step, <c>[MaxBatch, classes]</c>.</summary>
    public ReadOnlySpan<float> Logits => throw new NotImplementedException();

    /// <summary>Forward and backward: fills every trained parameter's gradient, of the mean loss over the batch.</summary>
    /// <param name="labels">The true classes of the samples in <see cref="Input"/>; their number is the batch.</param>
    /// <param name="step">The step's number, which names dropout's chance.</param>
    public StepResult Step(ReadOnlySpan<int> labels, long step) => throw new NotImplementedException();

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
    }
}
