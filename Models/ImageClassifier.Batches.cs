using System.Buffers;
using MLClassify.Imaging;
using MLClassify.Models;
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
    /// <remarks>The network is prepared by the first call for several images and kept. A <see cref="BatchPredictor"/> has one of its own.</remarks>
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

        Predictor predictor = Predictor;
        IReadOnlyList<ImageView> shown = ImageView.For(views);
        int each = shown.Count * predictor.InputLength;
        var predictions = new List<Prediction>(images.Count);
        float[] input = ArrayPool<float>.Shared.Rent(Math.Min(images.Count, LargestBatch) * each);
        float[] logits = new float[Math.Min(images.Count, LargestBatch) * Labels.Count];
        try
        {
            foreach (Image[] chunk in images.Chunk(LargestBatch))
            {
                for (int i = 0; i < chunk.Length; i++)
                {
                    predictor.Prepare(chunk[i], shown, input.AsSpan(i * each, each));
                }

                predictor.Predict(input.AsSpan(0, chunk.Length * each), shown.Count, logits.AsSpan(0, chunk.Length * Labels.Count));
                for (int i = 0; i < chunk.Length; i++)
                {
                    predictions.Add(new Prediction(Labels, logits.AsSpan(i * Labels.Count, Labels.Count)));
                }
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(input);
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
            var network = new Predictor(_model.Engine, _model.Graph, _model.Parameters, _model.Preprocessing, maxBatch);
            var predictor = new BatchPredictor(this, network, shown);
            _predictors.Add(predictor);
            return predictor;
        }
    }

    internal void Forget(BatchPredictor predictor)
    {
        lock (_gate)
        {
            _predictors.Remove(predictor);
        }
    }
}
