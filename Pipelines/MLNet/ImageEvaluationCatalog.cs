using Microsoft.ML;

namespace MLClassify.MLNet;

/// <summary>Evaluation in detail, where ML.NET has its own: <c>context.MulticlassClassification</c>.</summary>
public static class ImageEvaluationCatalog
{
    /// <summary>
    /// Measures scored data as this library measures: per class, with intervals, confusion matrix, calibration and a diagnosis in words; for the
    /// scores of any trainer, ours or ML.NET's. Classes are matched by name, whatever the order of the keys.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">The scored data; it is read once.</param>
    /// <param name="labelColumnName">The column with the true classes, a key.</param>
    /// <param name="scoreColumnName">The column with the probabilities, a number a class.</param>
    /// <param name="imageColumnName">The column with the images' paths, for the list of mistakes; rows are named by number where there is none.</param>
    /// <returns>
    /// The result; rows without a label or with scores of NaN, as of images that could not be read, are in its
    /// <see cref="EvaluationResult.Skipped"/> and in none of its figures.
    /// </returns>
    /// <exception cref="ArgumentException">A column is missing or of another type, or a label is none of the classes that are scored.</exception>
    public static EvaluationResult EvaluateImages(
        this MulticlassClassificationCatalog catalog,
        IDataView data,
        string labelColumnName = "Label",
        string scoreColumnName = "Score",
        string imageColumnName = "ImagePath")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        return new ScoredImages(labelColumnName, scoreColumnName, imageColumnName).Evaluate(data);
    }
}
