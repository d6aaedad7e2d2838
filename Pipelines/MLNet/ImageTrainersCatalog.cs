using Microsoft.ML;

namespace MLClassify.MLNet;

/// <summary>Image trainers, where ML.NET has its multiclass trainers: <c>context.MulticlassClassification.Trainers</c>.</summary>
public static class ImageTrainersCatalog
{
    /// <summary>Fine-tunes a pretrained network: its head, or all of it.</summary>
    /// <param name="trainers">The catalog.</param>
    /// <param name="options">Columns, validation, network, training.</param>
    /// <returns>
    /// An estimator, whose <c>Fit</c> reads its data once, leaves out rows without a label and images that cannot be read, and returns the best
    /// epoch's model, which the caller disposes. It throws <see cref="InvalidDatasetException"/> where there are no readable images,
    /// <see cref="OperationCanceledException"/> where it is canceled before the first epoch was finished, and
    /// <see cref="TrainingDivergedException"/> where the loss is no longer finite.
    /// </returns>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public static IEstimator<ImageClassifierTransformer> ImageClassification(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers, ImageClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Create(trainers, options);
    }

    /// <summary>Fine-tunes a pretrained network: its head, or all of it.</summary>
    /// <param name="trainers">The catalog.</param>
    /// <param name="labelColumnName">The column with the classes, a key.</param>
    /// <param name="imageColumnName">The column with the images: paths, encoded bytes, or <c>MLImage</c>.</param>
    /// <param name="training">The network, its weights and how they are trained; by default the head of a pretrained network.</param>
    /// <param name="validationSet">Images that are held out; a tenth of each class when null.</param>
    /// <inheritdoc cref="ImageClassification(MulticlassClassificationCatalog.MulticlassClassificationTrainers, ImageClassificationOptions)" path="/returns"/>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public static IEstimator<ImageClassifierTransformer> ImageClassification(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers,
        string labelColumnName = "Label",
        string imageColumnName = "ImagePath",
        FineTuneOptions? training = null,
        IDataView? validationSet = null) => Create(
            trainers,
            new ImageClassificationOptions { LabelColumnName = labelColumnName, ImageColumnName = imageColumnName, Training = training, ValidationSet = validationSet });

    /// <summary>Trains AlexNet from scratch, as its paper did.</summary>
    /// <param name="trainers">The catalog.</param>
    /// <param name="options">Columns, validation, what differs from the paper.</param>
    /// <inheritdoc cref="ImageClassification(MulticlassClassificationCatalog.MulticlassClassificationTrainers, ImageClassificationOptions)" path="/returns"/>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public static IEstimator<ImageClassifierTransformer> AlexNetFromScratch(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers, AlexNetFromScratchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Create(trainers, options);
    }

    /// <summary>Trains AlexNet from scratch, as its paper did.</summary>
    /// <param name="trainers">The catalog.</param>
    /// <param name="labelColumnName">The column with the classes, a key.</param>
    /// <param name="imageColumnName">The column with the images: paths, encoded bytes, or <c>MLImage</c>.</param>
    /// <param name="training">What differs from the paper; nothing when null.</param>
    /// <param name="validationSet">Images that are held out; a tenth of each class when null.</param>
    /// <inheritdoc cref="ImageClassification(MulticlassClassificationCatalog.MulticlassClassificationTrainers, ImageClassificationOptions)" path="/returns"/>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public static IEstimator<ImageClassifierTransformer> AlexNetFromScratch(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers,
        string labelColumnName = "Label",
        string imageColumnName = "ImagePath",
        AlexNetOptions? training = null,
        IDataView? validationSet = null) => Create(
            trainers,
            new AlexNetFromScratchOptions { LabelColumnName = labelColumnName, ImageColumnName = imageColumnName, Training = training, ValidationSet = validationSet });

    private static ImageClassifierEstimator Create(MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers, ImageTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        return new ImageClassifierEstimator(MLNetInternals.EnvironmentOf(trainers), options);
    }
}
