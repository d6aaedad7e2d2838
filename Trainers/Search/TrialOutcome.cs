namespace MLClassify.Trainers;

/// <summary>What one trial of a search came to.</summary>
public sealed record TrialOutcome
{
    /// <summary>The trial's number, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>Its settings.</summary>
    public required SearchTrial Trial { get; init; }

    /// <summary>The network, or the model that training went on from. Default null: not known.</summary>
    public string? Network { get; init; }

    /// <summary>The epochs that were finished. Default none.</summary>
    public IReadOnlyList<EpochResult> Epochs { get; init; } = [];

    /// <summary>The epoch that was kept. Default null: none.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>
    /// The share of held-out images that are recognized, 0..1; of all images, each in its fold, where the trial was cross-validated. Default
    /// null: no epoch was finished, or the run diverged.
    /// </summary>
    public double? Accuracy { get; init; }

    /// <summary>The number of these images. Default null: as above.</summary>
    public long? Images { get; init; }

    /// <summary>Where the accuracy would lie on all images of the kind, with 95 % confidence; null without figures.</summary>
    public ConfidenceInterval? AccuracyInterval => ConfidenceInterval.Of(Accuracy, Images);

    /// <summary>The mean loss on them. Default null: as above.</summary>
    public double? Loss { get; init; }

    /// <summary>The macro F1 on them, 0..1. Default null: as above.</summary>
    public double? MacroF1 { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>What is to be said about it, such as why there is no result. Default empty: nothing.</summary>
    public string Note { get; init; } = "";

    /// <summary>Whether the head was solved, not trained in steps. Default false.</summary>
    public bool IsHeadSolved { get; init; }

    /// <summary>What is wrong with the result, in a sentence; null where nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether training was ended before its last epoch. Default false.</summary>
    public bool IsEndedEarly { get; init; }

    /// <summary>The outcome of a training.</summary>
    /// <param name="number">The trial's number, from 1.</param>
    /// <param name="trial">Its settings.</param>
    /// <param name="result">The training result; not kept.</param>
    /// <param name="crossValidation">What its settings came to in cross-validation, whose figures then count; null without.</param>
    public static TrialOutcome From(int number, SearchTrial trial, TrainingResult result, EvaluationResult? crossValidation = null)
    {
        ArgumentNullException.ThrowIfNull(trial);
        ArgumentNullException.ThrowIfNull(result);
        EvaluationResult? figures = crossValidation ?? result.Validation;
        return new TrialOutcome
        {
            Number = number,
            Trial = trial,
            Network = result.Options.InitialModel is { } model ? Path.GetFileName(model) : result.Options.Backbone ?? "",
            Epochs = result.Epochs,
            BestEpoch = result.BestEpoch?.Epoch,
            Accuracy = figures?.Accuracy,
            Images = figures?.Images,
            Loss = figures?.Loss,
            MacroF1 = figures?.MacroF1,
            Elapsed = result.Elapsed,
            IsHeadSolved = result.Options.Optimizer.Kind == OptimizerKind.Lbfgs,
            Problem = result.Diagnosis.FirstOrDefault(verdict => verdict.Tone == VerdictTone.Problem)?.Sentence,
            IsEndedEarly = result.IsCanceled,
            Note = result.IsCanceled ? "ended early" : "",
        };
    }
}
