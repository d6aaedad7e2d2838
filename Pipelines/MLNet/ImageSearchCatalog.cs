using Microsoft.ML;

namespace MLClassify.MLNet;

/// <summary>A search over networks and trainers, where ML.NET has its multiclass methods: <c>context.MulticlassClassification</c>.</summary>
public static class ImageSearchCatalog
{
    /// <summary>
    /// Tries the features of several pretrained networks with several trainers, this library's and ML.NET's, measures all of them on the same
    /// held-out images, and trains the best on all images. The features of a network are computed once, for all trainers and folds, and stay in
    /// memory. The context's seed decides: the same seed gives the same table but for the times, unless the budget cuts it.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="photos">
    /// The images; rows without a label and images that cannot be read are left out of all trials, and counted. It must give the same rows in the
    /// same order each time; it is read once for every network.
    /// </param>
    /// <param name="options">What is tried, how long, and what it is measured by.</param>
    /// <returns>The best model, which the caller disposes, and the table; the context's log gets it too, and every trial as it ends.</returns>
    /// <exception cref="FileNotFoundException">A file with weights is not there.</exception>
    /// <exception cref="ArgumentException">An option is outside its range, a column is missing or of another type, or there are fewer than two classes.</exception>
    /// <exception cref="InvalidDatasetException">There are no readable images to train on, or to measure by.</exception>
    /// <exception cref="InvalidOperationException">No trial has a result; the message has the first one's failure.</exception>
    /// <exception cref="OperationCanceledException">The search was canceled before its first trial was over.</exception>
    public static ImageSearchResult SearchImageClassification(this MulticlassClassificationCatalog catalog, IDataView photos, ImageSearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(photos);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return new ImageSearch(MLNetInternals.EnvironmentOf(catalog), options).Run(photos);
    }

    /// <summary>The same for the networks whose weights are on this machine and the built-in trainers, within a time.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="photos">The images, with the columns <c>ImagePath</c> and <c>Label</c>.</param>
    /// <param name="budget">The time after which no trial is begun.</param>
    /// <inheritdoc cref="SearchImageClassification(MulticlassClassificationCatalog, IDataView, ImageSearchOptions)" path="/returns"/>
    /// <exception cref="ArgumentException">The time is negative, a column is missing or of another type, or there are fewer than two classes.</exception>
    /// <exception cref="InvalidDatasetException">There are no readable images to train on, or to measure by.</exception>
    public static ImageSearchResult SearchImageClassification(this MulticlassClassificationCatalog catalog, IDataView photos, TimeSpan budget) =>
        SearchImageClassification(catalog, photos, new ImageSearchOptions { Budget = budget });
}
