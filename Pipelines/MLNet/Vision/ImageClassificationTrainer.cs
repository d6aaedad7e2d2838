using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLClassify.MLNet.Vision;

/// <summary>
/// A trainer with the names of <c>Microsoft.ML.Vision</c>'s, so that a program that was written for that runs on this library when its
/// <c>using Microsoft.ML.Vision;</c> becomes <c>using MLClassify.MLNet.Vision;</c>, and its package <c>MLClassify.MLNet</c>. What differs is in
/// docs/mlnet.md. New programs have more from <see cref="ImageTrainersCatalog"/>.
/// </summary>
public sealed partial class ImageClassificationTrainer : IEstimator<ImageClassifierTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly Options _options;

    internal ImageClassificationTrainer(IHostEnvironment environment, Options options)
    {
        _environment = environment;
        _options = options;
        VisionTraining.Validate(options);
    }

    /// <summary>Trains the last layer of a pretrained network, by stochastic gradient descent.</summary>
    /// <param name="input">The training data: a key column with the classes, a column of images as bytes or paths; it is read once.</param>
    /// <returns>The best epoch's model, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">A column is missing or of another type, or there are fewer than two classes.</exception>
    /// <exception cref="InvalidDatasetException">There are no readable images to train or to validate on.</exception>
    /// <exception cref="TrainingDivergedException">The loss is no longer finite.</exception>
    public ImageClassifierTransformer Fit(IDataView input)
    {
        using IChannel messages = _environment.Register("ImageClassificationTrainer").Start("Fit");
        return new ImageClassifierEstimator(_environment, new VisionTraining(_options, messages) { Compute = ContextDevice.Of(_environment) }).Fit(input);
    }

    /// <summary>The output schema.</summary>
    /// <param name="inputSchema">The input's schema.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        new ImageClassifierEstimator(_environment, new VisionTraining(_options, messages: null)).GetOutputSchema(inputSchema);
}
