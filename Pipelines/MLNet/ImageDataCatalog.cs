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
    /// <returns>A row a file: its path as text, its class as a key whose <c>KeyValues</c> are the subfolders' names, sorted by ordinal value.</returns>
    /// <exception cref="InvalidDatasetException">The folder is missing or holds no images, or lacks the part.</exception>
    public static IDataView LoadImageFolder(this DataOperationsCatalog catalog, string folder, ImageFolderLoaderOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var source = new MultiFileSource(folder);
        return CreateImageFolderLoader(catalog, options).Fit(source).Load(source);
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
