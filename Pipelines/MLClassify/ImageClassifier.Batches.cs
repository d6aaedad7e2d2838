using MLClassify.Engines;
using MLClassify.Imaging;
using MLClassify.Preprocessing;

namespace MLClassify;

public sealed partial class ImageClassifier
{
    private readonly HashSet<BatchPredictor> _predictors = [];

    /// <summary>Classifies several decoded images in batches, which is faster than one by one.</summary>
    /// <param name="images">The images, upright; not changed.</param>
    /// <param name="views">The views that each is shown in, whose probabilities are averaged; default the center crop alone.</param>
    /// <returns>As many predictions as images, in their order: those of single ones, but for rounding.</returns>
    /// <exception cref="ArgumentException">An image is null.</exception>
    /// <remarks>Prepares a network for each call; who calls often makes a <see cref="BatchPredictor"/> once.</remarks>
    public IReadOnlyList<Prediction> Predict(IReadOnlyList<Image> images, TestTimeViews views = TestTimeViews.None)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Any(image => image is null))
        {
            throw new ArgumentException("One of the images is null.", nameof(images));
        }

        if (images.Count == 0)
        {
            return [];
        }

        int samples = images.Count * ImageView.For(views).Count;
        using BatchPredictor predictor = CreateBatchPredictor(Math.Min(samples, LargestBatch), views);
        var predictions = new List<Prediction>(images.Count);
        foreach (Image[] piece in images.Chunk(LargestBatch))
        {
            PreparedImage[] prepared = [.. piece.Select(predictor.Prepare)];
            predictions.AddRange(predictor.Predict(prepared));
            foreach (PreparedImage image in prepared)
            {
                image.Dispose();
            }
        }

        return predictions;
    }

    /// <summary>
    /// Makes a predictor for who gathers images into batches, such as a server: images are prepared on any thread, the network runs
    /// over many at once.
    /// </summary>
    /// <param name="maxBatch">How many samples the network takes at a time, 1 to 1024; memory grows with it. Default 16.</param>
    /// <param name="views">The views that each image is shown in, whose probabilities are averaged; default the center crop alone.</param>
    /// <returns>The predictor; disposed by the caller, or with the classifier.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public BatchPredictor CreateBatchPredictor(int maxBatch = LargestBatch, TestTimeViews views = TestTimeViews.None)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxBatch, BatchPredictor.LargestBatch);
        IReadOnlyList<ImageView> shown = ImageView.For(views);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            IInferenceSession session = _model.CreateInference(maxBatch);
            var predictor = new BatchPredictor(this, _preprocessor, session, shown);
            _predictors.Add(predictor);
            return predictor;
        }
    }

    /// <summary>The prediction from the network's output for all views of one image, <c>[views, classes]</c>.</summary>
    internal Prediction ToPrediction(ReadOnlySpan<float> logits) => logits.Length == Labels.Count ? new Prediction(Labels, logits) : Average(logits);

    internal void Forget(BatchPredictor predictor)
    {
        lock (_gate)
        {
            _predictors.Remove(predictor);
        }
    }
}
