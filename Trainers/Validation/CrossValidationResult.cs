using MLClassify.Evaluation;

namespace MLClassify;

/// <summary>What a cross-validation came to; see <see cref="CrossValidation"/>.</summary>
public sealed class CrossValidationResult
{
    internal CrossValidationResult(IReadOnlyList<EvaluationResult> folds)
    {
        Folds = folds;
        Pooled = MergedResult.Of(folds);
    }

    /// <summary>The folds' results, in order.</summary>
    public IReadOnlyList<EvaluationResult> Folds { get; }

    /// <summary>
    /// The result on all images, each measured in its fold. Its interval treats the images as independent, though the folds' classifiers
    /// share most of their training images: it is a little too narrow (Bengio and Grandvalet 2004, "No unbiased estimator of the variance
    /// of k-fold cross-validation").
    /// </summary>
    public EvaluationResult Pooled { get; }

    /// <summary>The figure in words: <c>5-fold cross-validation: 93.2 % of 600 images (95 % interval 90.9 to 94.9 %)</c>.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Folds.Count}-fold cross-validation: {100 * Pooled.Accuracy:0.0} % of {Pooled.Images} images (95 % interval {Pooled.AccuracyInterval})");
}
