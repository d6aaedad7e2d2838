using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLClassify.MLNet;

/// <summary>Folders of images as data, where ML.NET loads data: <c>context.Data</c>.</summary>
public static class ImageDataCatalog
{
    /// <summary>Lists a folder of images whose subfolders are the classes.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="folder">The folder; with <c>train/</c> and <c>val/</c> or <c>test/</c> in it, or the classes themselves.</param>
    /// <param name="options">Columns, and which part; the defaults when null.</param>
    /// <returns>
    /// A row a file: its path as text, its class as a key whose <c>KeyValues</c> are the subfolders' names, sorted by ordinal value. The context's
    /// log says which files take no part (those that are empty, are no images, or lie in no class folder), and which parts are not loaded.
    /// </returns>
    /// <exception cref="InvalidDatasetException">The folder is missing or holds no images, or lacks the part.</exception>
    public static IDataView LoadImageFolder(this DataOperationsCatalog catalog, string folder, ImageFolderLoaderOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var source = new MultiFileSource(folder);
        return CreateImageFolderLoader(catalog, options).Fit(source).Load(source);
    }

    /// <summary>
    /// Splits data so that each class gives the same share, at least one row where it has two or more, and never all of them;
    /// <c>TrainTestSplit</c> draws every row by itself.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">The data; its labels are read once, and it must give the same rows in the same order each time.</param>
    /// <param name="testFraction">The share for testing, above 0 and below 1.</param>
    /// <param name="labelColumnName">The column with the classes, a key.</param>
    /// <param name="seed">The seed; the context's when null, else 42.</param>
    /// <exception cref="ArgumentException">The share is out of range, or the column is missing or no key.</exception>
    public static (IDataView TrainSet, IDataView TestSet) StratifiedSplit(
        this DataOperationsCatalog catalog, IDataView data, double testFraction = 0.1, string labelColumnName = "Label", int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        if (!(testFraction > 0 && testFraction < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(testFraction), testFraction, "The share for testing is not above 0 and below 1.");
        }

        long drawn = seed ?? MLNetInternals.SeedOf(MLNetInternals.EnvironmentOf(catalog)) ?? new FineTuneOptions().Seed;
        DrawnRows test = StratifiedRows.Draw(data, labelColumnName, testFraction, drawn);
        return (new RowSubset(data, test, keeps: false), new RowSubset(data, test, keeps: true));
    }

    /// <summary>
    /// A loader of such folders as part of a pipeline: it learns the classes from one folder and gives their keys to the images of any, so
    /// that <c>mlContext.Model.Save</c> of the fitted whole keeps them.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">Columns, and which part; the defaults when null.</param>
    public static IDataLoaderEstimator<IMultiStreamSource, ImageFolderLoader> CreateImageFolderLoader(
        this DataOperationsCatalog catalog, ImageFolderLoaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        options ??= new ImageFolderLoaderOptions();
        options.Validate();
        return new ImageFolderLoaderEstimator(MLNetInternals.EnvironmentOf(catalog), options);
    }
}
