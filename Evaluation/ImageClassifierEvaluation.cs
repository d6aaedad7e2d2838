using MLClassify.Evaluation;
using MLClassify.Preprocessing.Loading;

namespace MLClassify;

/// <summary>Evaluates classifiers on labeled images: <c>classifier.Evaluate(dataset)</c>.</summary>
public static class ImageClassifierEvaluation
{
    /// <summary>Evaluates a classifier on labeled images. Images that cannot be read are left out; <see cref="EvaluationResult.Skipped"/> lists them.</summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="dataset">The images; their class names are among <see cref="ImageClassifier.Labels"/>, in any order.</param>
    /// <param name="views">
    /// The views that each image is shown in; loss and probabilities are those of the averages over them. Default the center crop alone.
    /// </param>
    /// <param name="progress">Receives the number of images done after every batch, or null for no reporting.</param>
    /// <param name="cancellationToken">Cancels the evaluation between batches.</param>
    /// <exception cref="InvalidDatasetException">A class is not one of the classifier's, or no image could be read.</exception>
    /// <exception cref="OperationCanceledException">The evaluation was canceled.</exception>
    public static EvaluationResult Evaluate(
        this ImageClassifier classifier,
        ImageDataset dataset,
        TestTimeViews views = TestTimeViews.None,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(dataset);
        if (dataset.Count == 0)
        {
            throw new InvalidDatasetException("There are no images to evaluate.");
        }

        using BatchLoader loader = classifier.CreateLoader(dataset.WithClasses(classifier.Labels), views);
        int done = 0;
        int? trainedOn = classifier.TrainingImages?.CountIn(dataset, cancellationToken);
        EvaluationResult result = ImageEvaluator.Run(classifier.Predictor, loader, count => progress?.Report(done += count), trainedOn, cancellationToken);
        return trainedOn > 0 && result.Skipped.Count > 0
            ? result.WithTrainedOn(classifier.TrainingImages!.CountIn(dataset, result.Skipped, cancellationToken))
            : result;
    }

    /// <summary>Evaluates a classifier on the thread pool.</summary>
    /// <inheritdoc cref="Evaluate"/>
    public static Task<EvaluationResult> EvaluateAsync(
        this ImageClassifier classifier,
        ImageDataset dataset,
        TestTimeViews views = TestTimeViews.None,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default) =>
        Task.Run(() => classifier.Evaluate(dataset, views, progress, cancellationToken), cancellationToken);
}
