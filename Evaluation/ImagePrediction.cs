namespace MLClassify;

/// <summary>What a network said about one image.</summary>
/// <param name="Path">The image's file, as the caller named it.</param>
/// <param name="TrueLabel">The class that it shows.</param>
/// <param name="PredictedLabel">The class with the largest logit, the lowest label among equals; null where the logits have no softmax.</param>
/// <param name="Probability">The predicted class's softmax probability, 0..1; 0 where there is no prediction.</param>
public readonly record struct ImagePrediction(string Path, int TrueLabel, int? PredictedLabel, double Probability)
{
    /// <summary>Whether the prediction is the true class.</summary>
    public bool IsCorrect => PredictedLabel == TrueLabel;
}
