using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLClassify.MLNet;

/// <summary>Image classification for ML.NET's pipelines.</summary>
public static class MLContextExtensions
{
    /// <summary>
    /// Lets <c>mlContext.Model.Load</c> read models with the transformers of this library. A process that only loads calls it once for its
    /// context; every other method here does it as well.
    /// </summary>
    /// <param name="context">The context.</param>
    /// <returns>The context.</returns>
    /// <exception cref="NotSupportedException">This version of Microsoft.ML lacks what that needs.</exception>
    public static MLContext RegisterMLClassify(this MLContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        ModelArchive.Register(context);
        ImageFolderLoader.Register(context);
        return context;
    }

    /// <summary>Fine-tunes a pretrained network: its head, or all of it.</summary>
    /// <param name="context">The context.</param>
    /// <param name="options">Columns, validation, network, training; the defaults when null.</param>
    /// <returns>
    /// An estimator, whose <c>Fit</c> reads its data once, leaves out rows without a label and images that cannot be read, and returns the best
    /// epoch's model, which the caller disposes. It throws <see cref="InvalidDatasetException"/> where there are no readable images,
    /// <see cref="OperationCanceledException"/> where it is canceled before the first epoch was finished, and
    /// <see cref="TrainingDivergedException"/> where the loss is no longer finite.
    /// </returns>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public static IEstimator<ImageClassifierTransformer> FineTuneImageClassifier(this MLContext context, FineTuneImageClassifierOptions? options = null) =>
        new ImageClassifierEstimator(RegisterMLClassify(context), options ?? new FineTuneImageClassifierOptions());

    /// <summary>Fine-tunes a pretrained network: its head, or all of it.</summary>
    /// <param name="context">The context.</param>
    /// <param name="training">The network, its weights and how they are trained.</param>
    /// <param name="labelColumnName">The column with the classes, a key.</param>
    /// <param name="imageColumnName">The column with the images: paths, or encoded bytes.</param>
    /// <returns>
    /// An estimator, whose <c>Fit</c> reads its data once, leaves out rows without a label and images that cannot be read, and returns the best
    /// epoch's model, which the caller disposes. It throws <see cref="InvalidDatasetException"/> where there are no readable images,
    /// <see cref="OperationCanceledException"/> where it is canceled before the first epoch was finished, and
    /// <see cref="TrainingDivergedException"/> where the loss is no longer finite.
    /// </returns>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public static IEstimator<ImageClassifierTransformer> FineTuneImageClassifier(
        this MLContext context, FineTuneOptions training, string labelColumnName = "Label", string imageColumnName = "ImagePath") =>
        FineTuneImageClassifier(
            context, new FineTuneImageClassifierOptions { Training = training, LabelColumnName = labelColumnName, ImageColumnName = imageColumnName });

    /// <summary>Trains AlexNet from scratch, as its paper did.</summary>
    /// <param name="context">The context.</param>
    /// <param name="options">Columns, validation, what differs from the paper; the defaults when null.</param>
    /// <returns>
    /// An estimator, whose <c>Fit</c> reads its data once, leaves out rows without a label and images that cannot be read, and returns the best
    /// epoch's model, which the caller disposes. It throws <see cref="InvalidDatasetException"/> where there are no readable images,
    /// <see cref="OperationCanceledException"/> where it is canceled before the first epoch was finished, and
    /// <see cref="TrainingDivergedException"/> where the loss is no longer finite.
    /// </returns>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public static IEstimator<ImageClassifierTransformer> TrainAlexNetFromScratch(this MLContext context, AlexNetImageClassifierOptions? options = null) =>
        new ImageClassifierEstimator(RegisterMLClassify(context), options ?? new AlexNetImageClassifierOptions());

    /// <summary>Applies a model that was trained before, by this library's tool or API, or an ONNX file.</summary>
    /// <param name="context">The context.</param>
    /// <param name="path">The model file; it is read by every call of Fit.</param>
    /// <param name="options">The columns; the defaults when null.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IEstimator<ImageClassifierTransformer> ApplyImageClassifier(
        this MLContext context, string path, ApplyImageClassifierOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new ApplyImageClassifierOptions();
        return File.Exists(path)
            ? Apply(context, () => ImageClassifier.Load(path, options.Threads), options, owns: true)
            : throw new FileNotFoundException($"There is no model file '{path}'.", path);
    }

    /// <summary>Applies a classifier.</summary>
    /// <param name="context">The context.</param>
    /// <param name="classifier">The classifier; the caller still disposes it, after the last row.</param>
    /// <param name="options">The columns; the defaults when null.</param>
    public static IEstimator<ImageClassifierTransformer> ApplyImageClassifier(
        this MLContext context, ImageClassifier classifier, ApplyImageClassifierOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        return Apply(context, () => classifier, options ?? new ApplyImageClassifierOptions(), owns: false);
    }

    /// <summary>Lists a folder of images whose subfolders are the classes.</summary>
    /// <param name="context">The context.</param>
    /// <param name="folder">The folder; with <c>train/</c> and <c>val/</c> or <c>test/</c> in it, or the classes themselves.</param>
    /// <param name="options">Columns, and which part; the defaults when null.</param>
    /// <returns>A row a file: its path as text, its class as a key whose <c>KeyValues</c> are the subfolders' names, sorted by ordinal value.</returns>
    /// <exception cref="InvalidDatasetException">The folder is missing or holds no images, or lacks the part.</exception>
    public static IDataView LoadImageFolder(this MLContext context, string folder, ImageFolderLoaderOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var source = new MultiFileSource(folder);
        return LoadImageFolder(context, options).Fit(source).Load(source);
    }

    /// <summary>
    /// A loader of such folders as part of a pipeline: it learns the classes from one folder and gives their keys to the images of any, so
    /// that <c>mlContext.Model.Save</c> of the fitted whole keeps them.
    /// </summary>
    /// <param name="context">The context.</param>
    /// <param name="options">Columns, and which part; the defaults when null.</param>
    public static IDataLoaderEstimator<IMultiStreamSource, ImageFolderLoader> LoadImageFolder(this MLContext context, ImageFolderLoaderOptions? options = null)
    {
        RegisterMLClassify(context);
        options ??= new ImageFolderLoaderOptions();
        options.Validate();
        return new ImageFolderLoaderEstimator(context, options);
    }

    /// <summary>Turns images into vectors of normalized pixels, for trainers and models of others.</summary>
    /// <param name="context">The context.</param>
    /// <param name="options">Columns, size, layout; the defaults when null.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public static IEstimator<PixelsTransformer> ImageNetNormalize(this MLContext context, ImageNetNormalizeOptions? options = null)
    {
        RegisterMLClassify(context);
        options ??= new ImageNetNormalizeOptions();
        ArgumentException.ThrowIfNullOrEmpty(options.ImageColumnName);
        ArgumentException.ThrowIfNullOrEmpty(options.OutputColumnName);
        options.Preprocessing.Validate();
        return new ImageEstimator<PixelsTransformer>(
            context,
            options.ImageColumnName,
            [PixelsTransformer.Column(options.OutputColumnName, options.Layout, options.Preprocessing.CropSize)],
            () => new PixelsTransformer(options.ImageColumnName, options.OutputColumnName, options.Unreadable, options.Layout, options.Preprocessing));
    }

    /// <summary>Turns images into what a pretrained network makes of them before its last layer: features for any of ML.NET's trainers.</summary>
    /// <param name="context">The context.</param>
    /// <param name="options">Columns, network, weights; the defaults when null.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public static IEstimator<BackboneFeaturesTransformer> ExtractBackboneFeatures(this MLContext context, BackboneFeaturesOptions? options = null)
    {
        RegisterMLClassify(context);
        options ??= new BackboneFeaturesOptions();
        BackboneLoader.Validate(options);
        return new ImageEstimator<BackboneFeaturesTransformer>(
            context,
            options.ImageColumnName,
            [new(options.OutputColumnName, new VectorDataViewType(NumberDataViewType.Single, 1))],
            () => BackboneFeaturesTransformer.Take(options.ImageColumnName, options.OutputColumnName, options.Unreadable, BackboneLoader.Load(options)));
    }

    private static ImageEstimator<ImageClassifierTransformer> Apply(
        MLContext context, Func<ImageClassifier> classifier, ApplyImageClassifierOptions options, bool owns)
    {
        RegisterMLClassify(context);
        options.Columns.Validate();
        return new ImageEstimator<ImageClassifierTransformer>(
            context,
            options.ImageColumnName,
            ScoreColumns.Describe(input: null, options.PredictedLabelColumnName, options.ScoreColumnName, classes: 1, KeyNames.FromText(["any"])),
            () =>
            {
                ImageClassifier model = classifier();
                return new ImageClassifierTransformer(model, KeyNames.FromText(model.Labels), options.Columns, owns);
            });
    }
}
