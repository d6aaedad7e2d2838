using MLClassify.Common;
using MLClassify.Graphs;
using MLClassify.Models;
using MLClassify.Networks;
using MLClassify.WeightFiles;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify;

/// <summary>The usual ways to a classifier, each in one call.</summary>
public static class ImageClassification
{
    /// <summary>
    /// Begins a pipeline with a folder of images: <c>Load(folder).Preprocess(spec).FineTune(options).Evaluate().Save(path)</c>. The files
    /// are listed, not opened.
    /// </summary>
    /// <param name="folder">The folder: a subfolder a class, or <c>train/</c> beside <c>val/</c> and <c>test/</c>.</param>
    /// <param name="options">What it must hold; defaults when null.</param>
    /// <exception cref="InvalidDatasetException">The folder is no usable dataset.</exception>
    public static ImagePipeline Load(string folder, ImageFolderOptions? options = null) => ImagePipeline.From(ImageFolder.Open(folder, options));

    /// <summary>Begins a pipeline with images from anywhere.</summary>
    /// <param name="images">The images and the names of their classes.</param>
    public static ImagePipeline Load(ImageDataset images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return ImagePipeline.From(images);
    }

    /// <summary>Begins a pipeline with training images, and others that are held out.</summary>
    /// <param name="train">The training images.</param>
    /// <param name="validation">The images that are held out; their classes are among the others'.</param>
    /// <exception cref="InvalidDatasetException">A class is not among those of <paramref name="train"/>.</exception>
    public static ImagePipeline Load(ImageDataset train, ImageDataset validation) => Load(train).ValidateOn(validation);

    /// <summary>Fine-tunes on a folder whose subfolders are the classes.</summary>
    /// <param name="folder">The folder; its own split is used where it has one (<c>train</c>, <c>val</c>), else a tenth of each class is
    /// held out.</param>
    /// <param name="options">How to train; when null, what <see cref="ImagePipeline.FineTuneAsync"/> chooses.</param>
    /// <param name="progress">Receives progress after every batch, or null for no reporting.</param>
    /// <param name="cancellationToken">Cancels training after the current step; the classifier is then the best so far.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the network is unknown.</exception>
    /// <exception cref="InvalidDatasetException">The folder is no usable dataset.</exception>
    public static async Task<ImageClassifier> FineTuneAsync(
        string folder,
        FineTuneOptions? options = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ImagePipeline images = Load(folder);
        if (options is not null && !images.Folder!.HasPredefinedSplit)
        {
            images = images.Split(ImagePipeline.DefaultValidationFraction, options.Seed);
        }

        using FineTunedClassifier trained = await images.FineTuneAsync(options, progress, cancellationToken).ConfigureAwait(false);
        return trained.TakeClassifier();
    }

    /// <summary>Makes a classifier from a bare weight file, such as torchvision's.</summary>
    /// <param name="backbone">The network's name in the registry.</param>
    /// <param name="weights">The weight file, head included.</param>
    /// <param name="labels">The classes' names, as many as the file's head has.</param>
    /// <param name="preprocessing">How an image becomes the network's input; the network's own when null.</param>
    /// <param name="threads">Threads that compute; all cores when 0.</param>
    /// <exception cref="ArgumentException">The network is unknown, or the input is too small for it.</exception>
    /// <exception cref="InvalidWeightsException">The file is damaged, of another network, or of another number of classes.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ImageClassifier FromWeights(
        string backbone,
        string weights,
        IReadOnlyList<string> labels,
        PreprocessingSpec? preprocessing = null,
        int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return FromWeights(backbone, InitialWeights.FromFile(weights), labels, preprocessing, threads);
    }

    /// <summary>Makes a classifier from a network's published weights, which are fetched where they are not on this machine.</summary>
    /// <param name="backbone">The network's name in the registry.</param>
    /// <param name="labels">The names of ImageNet's 1000 classes, or the caller's own for them, in their order.</param>
    /// <param name="selection">Which weights; the network's default ones when null.</param>
    /// <param name="threads">Threads that compute; all cores when 0.</param>
    /// <param name="progress">Receives a download's progress, or null for no reporting.</param>
    /// <param name="cancellationToken">Cancels a download; what was received is kept.</param>
    /// <exception cref="ArgumentException">The network is unknown, or has no such weights, or another number of classes.</exception>
    /// <exception cref="WeightsUnavailableException">The weights are not here and cannot be fetched.</exception>
    /// <exception cref="InvalidWeightsException">The file is damaged, of another network, or of another number of classes.</exception>
    public static async Task<ImageClassifier> FromPretrainedAsync(
        string backbone,
        IReadOnlyList<string> labels,
        WeightSelection? selection = null,
        int threads = 0,
        IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        using var cache = new WeightsCache();
        InitialWeights weights = await new WeightResolver(cache).ResolveAsync(backbone, selection ?? WeightSelection.Pretrained, progress, cancellationToken).ConfigureAwait(false)
            ?? throw new ArgumentException($"'{selection}' names no weights.", nameof(selection));
        return FromWeights(backbone, weights, labels, preprocessing: null, threads);
    }

    /// <summary>Makes a classifier from weights that were found.</summary>
    /// <param name="backbone">The network's name in the registry.</param>
    /// <param name="weights">The weights, head included.</param>
    /// <param name="labels">The classes' names, as many as the weights' head has.</param>
    /// <param name="preprocessing">How an image becomes the network's input; the weights' own at the network's own size when null.</param>
    /// <param name="threads">Threads that compute; all cores when 0.</param>
    /// <exception cref="ArgumentException">The network is unknown, or the input is too small for it.</exception>
    /// <exception cref="InvalidWeightsException">The file is damaged, of another network, or of another number of classes.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ImageClassifier FromWeights(
        string backbone,
        InitialWeights weights,
        IReadOnlyList<string> labels,
        PreprocessingSpec? preprocessing = null,
        int threads = 0) => FromWeights(backbone, weights, labels, preprocessing, new ComputeOptions { Threads = threads });

    /// <summary>Makes a classifier from weights that were found, for a device.</summary>
    /// <param name="backbone">The network's name in the registry.</param>
    /// <param name="weights">The weights, head included.</param>
    /// <param name="labels">The classes' names, as many as the weights' head has.</param>
    /// <param name="preprocessing">How an image becomes the network's input; the weights' own at the network's own size when null.</param>
    /// <param name="compute">What computes.</param>
    /// <exception cref="ArgumentException">The network is unknown, or the input is too small for it.</exception>
    /// <exception cref="ComputeDeviceException">The device cannot be used.</exception>
    /// <exception cref="InvalidWeightsException">The file is damaged, of another network, or of another number of classes.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ImageClassifier FromWeights(
        string backbone, InitialWeights weights, IReadOnlyList<string> labels, PreprocessingSpec? preprocessing, ComputeOptions compute)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(compute);
        NetworkDefinition definition = NetworkRegistry.Default.Get(backbone);
        preprocessing ??= InitialPreprocessing.Of(definition, definition.DefaultInputSize, weights);
        using IWeightFile reader = weights.Open();
        NetworkOptions options = Fitting(definition, reader, labels.Count, preprocessing.CropSize);
        Graph graph = definition.Build(options);
        return new ImageClassifier(ModelFactory.Create(
            NetworkSpec.From(definition.Name, options),
            graph,
            labels,
            preprocessing,
            compute,
            parameters => WeightLoader.Load(parameters, graph, reader),
            trainingImages: weights.File is { } file ? ModelFile.TryReadTrainingImages(file) : null));
    }

    /// <summary>Makes a classifier from an ONNX file, such as one that PyTorch exported.</summary>
    /// <param name="path">The file.</param>
    /// <param name="labels">The classes' names; the file's own when null, or <c>class 0</c>, <c>class 1</c>, ... where it has none.</param>
    /// <param name="preprocessing">
    /// How an image becomes the network's input; what the file says when null, or ImageNet's. Normalization inside the file goes before
    /// what this says about it.
    /// </param>
    /// <param name="threads">Threads that compute; all cores when 0.</param>
    /// <exception cref="InvalidWeightsException">The file is damaged, no classifier of images, or has another number of classes.</exception>
    /// <exception cref="WeightFiles.Onnx.UnsupportedOnnxException">The model uses what is not supported; the message lists all of it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ImageClassifier FromOnnx(
        string path, IReadOnlyList<string>? labels = null, PreprocessingSpec? preprocessing = null, int threads = 0) =>
        FromOnnx(path, labels, preprocessing, new ComputeOptions { Threads = threads });

    /// <summary>Makes a classifier from an ONNX file, for a device.</summary>
    /// <param name="path">The file.</param>
    /// <param name="labels">The classes' names; the file's own when null, or <c>class 0</c>, <c>class 1</c>, ... where it has none.</param>
    /// <param name="preprocessing">How an image becomes the network's input; what the file says when null, or ImageNet's.</param>
    /// <param name="compute">What computes.</param>
    /// <exception cref="ComputeDeviceException">The device cannot be used.</exception>
    /// <exception cref="InvalidWeightsException">The file is damaged, no classifier of images, or has another number of classes.</exception>
    /// <exception cref="WeightFiles.Onnx.UnsupportedOnnxException">The model uses what is not supported; the message lists all of it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ImageClassifier FromOnnx(string path, IReadOnlyList<string>? labels, PreprocessingSpec? preprocessing, ComputeOptions compute)
    {
        ArgumentNullException.ThrowIfNull(compute);
        return new(TrainedModel.LoadOnnx(path, labels, preprocessing, compute));
    }

    // The original head, unless only another fits: what training a head alone leaves for networks whose own is no linear layer, or a head
    // with a hidden layer, whose width the file knows.
    private static NetworkOptions Fitting(NetworkDefinition definition, IWeightSource reader, int classes, int size)
    {
        var native = new NetworkOptions { Classes = classes, InputHeight = size, InputWidth = size };
        return Candidates(definition, reader, native)
            .Where(options => WeightLoader.Compare(definition.Build(options), reader).IsComplete)
            .OrderByDescending(options => HasItsDimensions(definition.Build(options), reader))
            .FirstOrDefault(native);
    }

    // A 1x1 convolution's weight fits a linear layer and the other way round, so of two heads that fit, the one that the file writes out.
    private static bool HasItsDimensions(Graph graph, IWeightSource reader) => graph.HeadParameters.All(parameter => reader.Entries.Any(
        entry => entry.Name.EndsWith(parameter.Name, StringComparison.Ordinal) && entry.Dimensions.SequenceEqual(parameter.Dimensions.Select(d => (long)d))));

    private static IEnumerable<NetworkOptions> Candidates(NetworkDefinition definition, IWeightSource reader, NetworkOptions native)
    {
        yield return native;
        yield return native with { Head = HeadKind.Linear };
        NetworkOptions hidden = native with { Head = HeadKind.Mlp };
        yield return hidden;
        Graph graph = definition.Build(hidden);
        string matrix = graph.HeadParameters.First().Name;
        ShapeMismatch? mismatch = WeightLoader.Compare(graph, reader).ShapeMismatches.FirstOrDefault(m => m.Name == matrix);
        if (mismatch?.Found is [>= 1 and <= NetworkOptions.MaximumHeadWidth, ..])
        {
            yield return hidden with { HeadWidth = (int)mismatch.Found[0] };
        }
    }
}
