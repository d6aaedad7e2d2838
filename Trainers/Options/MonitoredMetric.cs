namespace MLClassify;

/// <summary>The figure of the validation images by which the best epoch is chosen.</summary>
public enum MonitoredMetric
{
    /// <summary>The share of images that are right (<see cref="EvaluationResult.Accuracy"/>).</summary>
    Accuracy,

    /// <summary>The mean recall: each class weighs the same (<see cref="EvaluationResult.BalancedAccuracy"/>).</summary>
    Balanced,

    /// <summary>The mean F1 of the classes (<see cref="EvaluationResult.MacroF1"/>).</summary>
    F1,

    /// <summary>The mean cross-entropy, the lowest (<see cref="EvaluationResult.Loss"/>).</summary>
    Loss,
}
