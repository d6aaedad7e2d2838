using Microsoft.ML;

namespace MLClassify.MLNet;

/// <summary>A trainer of a search.</summary>
internal abstract class SearchTrainer(string name)
{
    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Prepares the trainer for the features of a network; the caller disposes what it gets.</summary>
    public abstract SearchFitting Begin(SearchBackbone backbone, SearchFeatures features);

    /// <summary>Trains on all images, for a model that reads images.</summary>
    /// <param name="backbone">The network.</param>
    /// <param name="features">Its features.</param>
    /// <param name="options">The search's options.</param>
    public abstract ITransformer Train(SearchBackbone backbone, SearchFeatures features, ImageSearchOptions options);
}

/// <summary>A trainer at work on the features of a network.</summary>
internal abstract class SearchFitting : IDisposable
{
    /// <summary>Trains.</summary>
    /// <param name="images">The training images.</param>
    /// <param name="cancellationToken">Cancels the work, where the trainer can be canceled.</param>
    public abstract void Fit(int[] images, CancellationToken cancellationToken);

    /// <summary>Measures what was trained last.</summary>
    /// <param name="images">The images to measure on.</param>
    public abstract EvaluationResult Evaluate(int[] images);

    /// <summary>Frees what was trained.</summary>
    public abstract void Dispose();
}
