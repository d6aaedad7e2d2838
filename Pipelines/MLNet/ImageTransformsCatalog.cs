using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLClassify.MLNet;

/// <summary>What is made of images, where ML.NET has its transforms: <c>context.Transforms</c>.</summary>
public static class ImageTransformsCatalog
{
    /// <summary>Applies a model that was trained before, by this library's tool or API, or an ONNX file.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="path">The model file; it is read by every call of Fit.</param>
    /// <param name="options">The columns; the defaults when null.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IEstimator<ImageClassifierTransformer> ApplyImageClassifier(
        this TransformsCatalog catalog, string path, ApplyImageClassifierOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new ApplyImageClassifierOptions();
        return File.Exists(path)
            ? Apply(catalog, () => Load(path, options), options, owns: true)
            : throw new FileNotFoundException($"There is no model file '{path}'.", path);
    }

    /// <summary>Applies a classifier.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="classifier">The classifier; the caller still disposes it, after the last row.</param>
    /// <param name="options">The columns; the defaults when null.</param>
    public static IEstimator<ImageClassifierTransformer> ApplyImageClassifier(
        this TransformsCatalog catalog, ImageClassifier classifier, ApplyImageClassifierOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(classifier);
        return options?.Preprocessing is null
            ? Apply(catalog, () => classifier, options ?? new ApplyImageClassifierOptions(), owns: false)
            : throw new ArgumentException($"A classifier has its own preprocessing; leave out {nameof(options.Preprocessing)}.", nameof(options));
    }

    /// <summary>Turns images into vectors of normalized pixels, for trainers and models of others.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">Columns, size, layout.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public static IEstimator<PixelsTransformer> NormalizeImageNet(this TransformsCatalog catalog, NormalizeImageNetOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.ImageColumnName);
        ArgumentException.ThrowIfNullOrEmpty(options.OutputColumnName);
        options.Preprocessing.Validate();
        return new ImageEstimator<PixelsTransformer>(
            MLNetInternals.EnvironmentOf(catalog),
            options.ImageColumnName,
            [PixelsTransformer.Column(options.OutputColumnName, options.Layout, options.Preprocessing.CropSize)],
            () => new PixelsTransformer(options.ImageColumnName, options.OutputColumnName, options.Unreadable, options.Layout, options.Preprocessing));
    }

    /// <summary>Turns images into vectors of pixels, cropped to 224 x 224 and normalized as ImageNet's networks are used to.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The column for the pixels.</param>
    /// <param name="imageColumnName">The column with the images: paths, encoded bytes, or <c>MLImage</c>.</param>
    public static IEstimator<PixelsTransformer> NormalizeImageNet(
        this TransformsCatalog catalog, string outputColumnName = "Pixels", string imageColumnName = "ImagePath") =>
        NormalizeImageNet(catalog, new NormalizeImageNetOptions { OutputColumnName = outputColumnName, ImageColumnName = imageColumnName });

    /// <summary>Turns images into what a pretrained network makes of them before its last layer: features for any of ML.NET's trainers.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">Columns, network, weights.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public static IEstimator<BackboneFeaturesTransformer> ExtractImageFeatures(this TransformsCatalog catalog, ExtractImageFeaturesOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        BackboneLoader.Validate(options);
        return new ImageEstimator<BackboneFeaturesTransformer>(
            MLNetInternals.EnvironmentOf(catalog),
            options.ImageColumnName,
            [new(options.OutputColumnName, new VectorDataViewType(NumberDataViewType.Single, 1))],
            () => BackboneFeaturesTransformer.Take(options.ImageColumnName, options.OutputColumnName, options.Unreadable, BackboneLoader.Load(options)));
    }

    /// <summary>Turns images into what a pretrained network makes of them before its last layer: features for any of ML.NET's trainers.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The column for the features.</param>
    /// <param name="imageColumnName">The column with the images: paths, encoded bytes, or <c>MLImage</c>.</param>
    /// <param name="backbone">The network's name in the registry; when null, the default one whose weights can be had.</param>
    /// <exception cref="ArgumentException">The network is unknown.</exception>
    public static IEstimator<BackboneFeaturesTransformer> ExtractImageFeatures(
        this TransformsCatalog catalog, string outputColumnName = "Features", string imageColumnName = "ImagePath", string? backbone = null) =>
        ExtractImageFeatures(catalog, new ExtractImageFeaturesOptions { OutputColumnName = outputColumnName, ImageColumnName = imageColumnName, Backbone = backbone });

    private static ImageClassifier Load(string path, ApplyImageClassifierOptions options) => options.Preprocessing is { } preprocessing
        ? ImageClassification.FromOnnx(path, labels: null, preprocessing, options.Compute)
        : ImageClassifier.Load(path, options.Compute);

    private static ImageEstimator<ImageClassifierTransformer> Apply(
        TransformsCatalog catalog, Func<ImageClassifier> classifier, ApplyImageClassifierOptions options, bool owns)
    {
        options.Columns.Validate();
        return new ImageEstimator<ImageClassifierTransformer>(
            MLNetInternals.EnvironmentOf(catalog),
            options.ImageColumnName,
            ScoreColumns.Describe(input: null, options.PredictedLabelColumnName, options.ScoreColumnName, classes: 1, KeyNames.FromText(["any"])),
            () =>
            {
                ImageClassifier model = classifier();
                return new ImageClassifierTransformer(model, KeyNames.FromText(model.Labels), options.Columns, owns);
            });
    }
}
