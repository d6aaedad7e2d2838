using Microsoft.ML;

namespace MLClassify.MLNet.Vision;

/// <summary>The methods of <c>Microsoft.ML.Vision</c> on <c>context.MulticlassClassification.Trainers</c>.</summary>
public static class VisionCatalog
{
    /// <summary>Trains the last layer of a pretrained network.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">Columns, network, training.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static ImageClassificationTrainer ImageClassification(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, ImageClassificationTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        return new ImageClassificationTrainer(MLNetInternals.EnvironmentOf(catalog), options);
    }

    /// <summary>Trains the last layer of a pretrained network.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">The column with the classes, a key.</param>
    /// <param name="featureColumnName">The column with the images: image files' content as a vector of Byte, or paths as text.</param>
    /// <param name="scoreColumnName">The column for the probabilities.</param>
    /// <param name="predictedLabelColumnName">The column for the likeliest class.</param>
    /// <param name="validationSet">The images that are held out; a tenth of each class when null.</param>
    public static ImageClassificationTrainer ImageClassification(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel",
        IDataView? validationSet = null) => ImageClassification(catalog, new ImageClassificationTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ScoreColumnName = scoreColumnName,
            PredictedLabelColumnName = predictedLabelColumnName,
            ValidationSet = validationSet,
        });
}
