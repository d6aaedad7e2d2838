namespace MLClassify.Trainers;

/// <summary>A finished epoch of a distillation.</summary>
/// <param name="Epoch">The epoch, counted from 1.</param>
/// <param name="Seconds">What it took.</param>
/// <param name="TrainLoss">The mean squared error of its steps, in units of the features' variance.</param>
/// <param name="Explained">
/// The share of the teachers' variance on held-out images that the student explains: 1 - mean squared error / variance; NaN without
/// held-out images.
/// </param>
public sealed record DistillationEpoch(int Epoch, double Seconds, double TrainLoss, double Explained);

/// <summary>The progress of a distillation; reported after every batch.</summary>
public sealed record DistillationProgress
{
    /// <summary>The current phase; the teachers' features come first.</summary>
    public required TrainingPhase Phase { get; init; }

    /// <summary>The epoch, counted from 1; 0 while the teachers' features are computed.</summary>
    public required int Epoch { get; init; }

    /// <summary>Epochs of the run.</summary>
    public required int Epochs { get; init; }

    /// <summary>Images of this phase, or epoch, that are done.</summary>
    public required long Done { get; init; }

    /// <summary>Images of this phase, or epoch.</summary>
    public required long Total { get; init; }

    /// <summary>The mean loss since the epoch began; NaN before the first batch.</summary>
    public double TrainLoss { get; init; } = double.NaN;

    /// <summary>Time since the run began.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The epoch's figures, on the report that ends an epoch; null on all others.</summary>
    public DistillationEpoch? Completed { get; init; }
}
