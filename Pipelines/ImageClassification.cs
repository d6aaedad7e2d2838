using MLClassify.Datasets;
using MLClassify.Evaluation;
using MLClassify.Graphs;
using MLClassify.Graphs.Devices;
using MLClassify.Networks;
using MLClassify.Networks.Weights;
using MLClassify.Preprocessing;
using MLClassify.Trainers;

namespace MLClassify;

/// <summary>The usual ways to a classifier, each in one call.</summary>
public static class ImageClassification
{
    /// <summary>Fine-tunes on a folder whose subfolders are the classes.</summary>
    /// <param name="folder">The folder; its own split is used where it has one (<c>train</c>, <c>val</c>), else a tenth of each class is held out.</param>
    /// <param name="options">How to train; defaults when null.</param>
    /// <param name="progress">Told after every batch; nobody when null.</param>
    /// <param name="cancellationToken">Ends training after the step under way; the classifier is then the best so far.</param>
    /// <exception cref="InvalidDatasetException">The folder is no usable dataset.</exception>
    public static async Task<ImageClassifier> FineTuneAsync(
        string folder,
        FineTuneOptions? options = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new FineTuneOptions();
        var trainer = new FineTuneTrainer(options);
        ImageFolder images = ImageFolder.Open(folder);
        (ImageDataset train, ImageDataset validation) = images.HasPredefinedSplit ? images.TrainValidation() : images.Split(0.1, options.Seed);
        return await trainer.FitAsync(train, validation, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a classifier from a bare weight file, such as torchvision's.</summary>
    /// <param name="backbone">The network's name in the registry.</param>
    /// <param name="weights">The weight file, head included.</param>
    /// <param name="labels">The classes' names, as many as the file's head has.</param>
    /// <param name="preprocessing">How a picture becomes the network's input; the network's own when null.</param>
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
        ArgumentNullException.ThrowIfNull(labels);
        NetworkDefinition definition = NetworkRegistry.Default.Get(backbone);
        preprocessing ??= PreprocessingSpec.ForInput(definition.DefaultInputSize, definition.ResizeRatio);
        using IWeightFile reader = WeightFile.Open(weights);
        NetworkOptions options = Fitting(definition, reader, labels.Count, preprocessing.CropSize);
        Graph graph = definition.Build(options);
        var parameters = new ParameterSet(graph.Parameters, Device.Cpu(threads));
        try
        {
            WeightLoader.Load(parameters, graph, reader);
            return new ImageClassifier(new TrainedModel(NetworkSpec.From(definition.Name, options), graph, labels, preprocessing, parameters));
        }
        catch
        {
            parameters.Dispose();
            parameters.Device.Dispose();
            throw;
        }
    }

    // The native head, unless only another fits: what training a head alone leaves for networks whose own is no linear layer, or a head
    // with a hidden layer, whose width the file knows.
    private static NetworkOptions Fitting(NetworkDefinition definition, IWeightSource reader, int classes, int size)
    {
        var native = new NetworkOptions { Classes = classes, InputHeight = size, InputWidth = size };
        return Candidates(definition, reader, native)
            .FirstOrDefault(options => WeightLoader.Compare(definition.Build(options), reader).IsComplete, native);
    }

    private static IEnumerable<NetworkOptions> Candidates(NetworkDefinition definition, IWeightSource reader, NetworkOptions native)
    {
        yield return native;
        yield return native with { Head = HeadKind.Linear };
        NetworkOptions hidden = native with { Head = HeadKind.Hidden };
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
