using MLClassify.Datasets;

namespace MLClassify;

/// <summary>The prediction for one evaluated image, beside its true label.</summary>
/// <param name="Path">The image's file or name, as its sample has it.</param>
/// <param name="TrueLabel">The class that it shows.</param>
/// <param name="PredictedLabel">The class with the largest logit, the lowest label among equals; null where the logits have no softmax.</param>
/// <param name="Probability">The predicted class's softmax probability, 0..1; 0 where there is no prediction.</param>
public readonly record struct EvaluatedPrediction(string Path, int TrueLabel, int? PredictedLabel, double Probability)
{
    /// <summary>Where the image's bytes come from; null for a file.</summary>
    internal SampleContent? Content { get; init; }

    /// <summary>The image, as long as its file exists.</summary>
    internal ImageSample Sample => new(Path, TrueLabel) { Content = Content };

    /// <summary>Whether the prediction is the true class.</summary>
    public bool IsCorrect => PredictedLabel == TrueLabel;
}
