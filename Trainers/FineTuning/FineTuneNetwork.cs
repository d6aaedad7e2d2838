using Microsoft.Extensions.Logging;
using MLClassify.Common;
using MLClassify.Engines;
using MLClassify.Graphs;
using MLClassify.Graphs.Descriptions;
using MLClassify.Graphs.Operators;
using MLClassify.Models;
using MLClassify.Networks;
using MLClassify.WeightFiles;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers;

/// <summary>The network that options ask for, with its values before training.</summary>
internal static class FineTuneNetwork
{
    /// <summary>Decides what options leave open, finds the weights, and fetches them where they are not here.</summary>
    /// <param name="options">How to train, resolved.</param>
    /// <param name="resolver">Where to look; the cache that the environment describes when null.</param>
    /// <param name="progress">Receives a download's progress, or null for no reporting.</param>
    /// <param name="logger">Receives what happens to a download, or null for no logging.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <returns>The options with network and weights, exactly; and the weights, null for none.</returns>
    public static async Task<(FineTuneOptions Options, InitialWeights? Start)> StartAsync(
        FineTuneOptions options, WeightResolver? resolver, IProgress<DownloadProgress>? progress, ILogger? logger, CancellationToken cancellationToken)
    {
        if (options.InitialModel is not null)
        {
            return (options, null);
        }

        using WeightsCache? own = resolver is null ? CreateCache(logger) : null;
        resolver ??= new WeightResolver(own!);

        // A package's weights bring their own preprocessing, which another that was asked for excludes.
        bool isOpen = options.Input is { Preprocessing: null, Normalization: NormalizationKind.ImageNet };
        ResolvedBackbone start = await DefaultBackbone.ChooseAsync(resolver, options.Backbone, options.Weights, isOpen, progress, cancellationToken).ConfigureAwait(false);
        if (start.Reason is not null && logger is not null)
        {
            TrainingLog.Backbone(logger, start.Reason);
        }

        bool isUnnamed = options.Backbone is null && options.Weights.Kind == WeightKind.Auto;
        if (isUnnamed && start is { Reason: { } why, Weights.Selection.Kind: not WeightKind.Pretrained })
        {
            start = start with { Weights = start.Weights with { InPlaceOf = why } };
        }

        // What was left open belongs into the record.
        return (options with { Backbone = start.Network, Weights = start.Weights?.Selection ?? WeightSelection.None }, start.Weights);
    }

    private static WeightsCache CreateCache(ILogger? logger)
    {
        WeightsCacheOptions options = WeightsCacheOptions.FromEnvironment();
        return new WeightsCache(options with { Download = options.Download with { Logger = logger } });
    }

    /// <summary>The network of the registry, or the model from a file: what the options say.</summary>
    /// <param name="options">How to train, resolved.</param>
    /// <param name="labels">The classes' names.</param>
    /// <param name="start">The weights that <see cref="FineTuneOptions.Weights"/> names; null for none.</param>
    /// <returns>The model before training, whose labels are the classes in the network's order.</returns>
    /// <param name="sampleMaximum">The value at full brightness of images with 16 bits a sample; that of the options or the model when null.</param>
    public static TrainedModel Create(FineTuneOptions options, IReadOnlyList<string> labels, InitialWeights? start, int? sampleMaximum = null) => options.InitialModel is { } path
        ? CreateFrom(path, options, labels)
        : Create(NetworkRegistry.Default.Get(options.Backbone!), options, labels, start, sampleMaximum);

    /// <summary>How images become a network's input: what the options say, and for the rest what the weights were measured with.</summary>
    /// <param name="definition">The network.</param>
    /// <param name="options">How to train, resolved.</param>
    /// <param name="start">The weights that <see cref="FineTuneOptions.Weights"/> names; null for none.</param>
    public static PreprocessingSpec PreprocessingOf(NetworkDefinition definition, FineTuneOptions options, InitialWeights? start)
    {
        int size = options.Input.Preprocessing?.CropSize ?? options.Input.ImageSize ?? definition.DefaultInputSize;
        return options.Input.Preprocessing
            ?? Fitted(InitialPreprocessing.Of(definition, size, start, Normalization.Parse(LowerCaseNaming.NameOf(options.Input.Normalization))), options);
    }

    /// <summary>The same before the network is made, or the one of the model to start from.</summary>
    /// <param name="options">How to train, resolved.</param>
    /// <param name="start">The weights; null for none, or where they are not known yet.</param>
    public static PreprocessingSpec PreprocessingOf(FineTuneOptions options, InitialWeights? start)
    {
        if (options.InitialModel is { } path)
        {
            using TrainedModel model = TrainedModel.Load(path, new ComputeOptions { Device = ComputeDevice.Cpu, Threads = 1 });
            return Fitted(model.Preprocessing, options);
        }

        return options.Backbone is not { } name
            ? options.Input.Preprocessing ?? Fitted(PreprocessingSpec.ImageNet(options.Input.ImageSize ?? 224), options)
            : PreprocessingOf(NetworkRegistry.Default.Get(name), options, start);
    }

    private static PreprocessingSpec Fitted(PreprocessingSpec spec, FineTuneOptions options) => options.Input.Fit is { } fit ? spec.WithFit(fit) : spec;

    /// <summary>A session that trains the network, or what of it stands after the features.</summary>
    /// <param name="model">The network.</param>
    /// <param name="trained">Its graph, or that part of it.</param>
    /// <param name="options">How to train, resolved.</param>
    /// <param name="objective">What is learned.</param>
    /// <param name="isHead">Whether the head alone is trained, while all else computes as in inference.</param>
    /// <param name="maxBatch">The largest batch.</param>
    public static ITrainingSession CreateSession(TrainedModel model, Graph trained, FineTuneOptions options, IObjective objective, bool isHead, int maxBatch) =>
        model.Engine.CreateTraining(trained, model.Parameters, SpecOf(model, trained, options, objective.Loss, isHead, maxBatch));

    /// <summary>Whether memory suffices for training the whole network with a batch.</summary>
    /// <param name="model">The network.</param>
    /// <param name="options">How to train, resolved.</param>
    /// <param name="batch">Images.</param>
    public static bool Fits(TrainedModel model, FineTuneOptions options, int batch) =>
        model.Engine.CanTrain(model.Graph, model.Parameters, SpecOf(model, model.Graph, options, new SoftmaxCrossEntropy(), isHead: false, batch));

    private static TrainingSpec SpecOf(TrainedModel model, Graph trained, FineTuneOptions options, LossSpec loss, bool isHead, int maxBatch)
    {
        HashSet<string> head = model.Graph.HeadParameters.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        IEnumerable<Parameter> parameters = trained.Parameters.Where(p => p.IsTrainable && (!isHead || head.Contains(p.Name)));
        return new TrainingSpec
        {
            Groups = ParameterGroups.Create(parameters, model.Graph, options),
            Optimizer = OptimizerOf(options),
            Loss = loss,
            MaxBatch = maxBatch,
            AccumulationSteps = options.Optimizer.AccumulationSteps,
            ClipNorm = options.Optimizer.ClipNorm,
            Seed = (ulong)options.Seed,
            FreezeBatchNormStatistics = isHead || options.Freezing.BatchNorm,
        };
    }

    /// <summary>The optimizer that options ask for.</summary>
    /// <param name="options">Kind and constants, resolved.</param>
    public static OptimizerSpec OptimizerOf(FineTuneOptions options) => options.Optimizer.Kind switch
    {
        OptimizerKind.Sgd => new SgdSpec { Momentum = options.Optimizer.Momentum, Nesterov = options.Optimizer.Nesterov },
        OptimizerKind.Adam => new AdamSpec(),
        OptimizerKind.AdamW => new AdamSpec { Decoupled = true },
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Optimizer.Kind, "This optimizer does not exist."),
    };

    /// <summary>Builds the network, sets its values from the seed, and then from the weights where they are given.</summary>
    /// <param name="definition">The network.</param>
    /// <param name="options">How to train, resolved.</param>
    /// <param name="labels">The classes' names.</param>
    /// <param name="start">The weights that <see cref="FineTuneOptions.Weights"/> names; null for none.</param>
    /// <param name="sampleMaximum">The value at full brightness of images with 16 bits a sample; that of the options when null.</param>
    private static TrainedModel Create(NetworkDefinition definition, FineTuneOptions options, IReadOnlyList<string> labels, InitialWeights? start, int? sampleMaximum)
    {
        int size = options.Input.Preprocessing?.CropSize ?? options.Input.ImageSize ?? definition.DefaultInputSize;
        var networkOptions = new NetworkOptions
        {
            Classes = labels.Count,
            InputHeight = size,
            InputWidth = size,
            Head = options.Head.Kind ?? HeadKind.Original,
            HeadWidth = options.Head.Width ?? NetworkOptions.DefaultHeadWidth,
            Dropout = (float?)(options.Head.Dropout ?? DefaultDropout(options)),
        };
        Graph graph = definition.Build(networkOptions);
        if (options.TrainableLayers == TrainableLayers.Head && networkOptions.Head == HeadKind.Original && !HasLinearHead(graph))
        {
            if (options.Head.Kind is not null)
            {
                const string Kind = $"{nameof(FineTuneOptions.Head)}.{nameof(HeadOptions.Kind)}";
                throw OptionError.Create(
                    Kind, $"{definition.Name}: its original head is no linear layer and cannot be trained alone; take {Kind} {nameof(HeadKind.Linear)} or {Kind} {nameof(HeadKind.Mlp)}.");
            }

            // A head of convolutions would need maps as features, which fill the memory, and SqueezeNet's rectifies its logits.
            networkOptions = networkOptions with { Head = HeadKind.Linear };
            graph = definition.Build(networkOptions);
        }

        PreprocessingSpec preprocessing = PreprocessingOf(definition, options, start);
        preprocessing = sampleMaximum is { } maximum ? preprocessing with { SampleMaximum = maximum } : preprocessing;

        // Opened before memory is taken: most mistakes show here.
        using IWeightFile? weights = start?.Open();
        return ModelFactory.Create(NetworkSpec.From(definition.Name, networkOptions), graph, labels, preprocessing, options.Compute, parameters =>
        {
            parameters.Initialize((ulong)options.Seed);
            if (weights is not null)
            {
                WeightLoader.Load(parameters, graph, weights, new LoadOptions { AllowHeadMismatch = true });
            }
        }, trainingImages: start?.File is { } file ? ModelFile.TryReadTrainingImages(file) : null);
    }

    /// <summary>
    /// Takes a model from a file. Where its classes are the wanted ones it stays whole; else it gets another last layer, in which the
    /// classes that it knows keep their rows, and the seed decides the others.
    /// </summary>
    private static TrainedModel CreateFrom(string path, FineTuneOptions options, IReadOnlyList<string> labels)
    {
        using TrainedModel source = TrainedModel.Load(path, options.Compute);
        IReadOnlyList<string> wanted = options.ExtendClasses ? [.. source.Labels, .. labels.Except(source.Labels, StringComparer.Ordinal)] : labels;
        bool isWhole = wanted.SequenceEqual(source.Labels, StringComparer.Ordinal) && options.Head.Dropout is null
            && (options.TrainableLayers != TrainableLayers.Head || HasLinearHead(source.Graph));
        (Graph graph, PreprocessingSpec preprocessing) = Adapt(source, options, isWhole ? null : wanted.Count, path);
        NetworkSpec spec = isWhole && ReferenceEquals(graph, source.Graph) ? source.Network : NetworkSpec.From(graph);
        return ModelFactory.Create(spec, graph, wanted, preprocessing, options.Compute, parameters =>
        {
            HashSet<string> head = isWhole ? [] : graph.HeadParameters.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
            parameters.Initialize((ulong)options.Seed, p => head.Contains(p.Name));
            foreach (Parameter parameter in graph.Parameters)
            {
                float[]? values = head.Contains(parameter.Name)
                    ? WithKnownRows(parameters.Export(parameter.Name), wanted, source, parameter.Name)
                    : source.Parameters.Export(parameter.Name);
                parameters.Import(parameter.Name, values);
            }
        }, trainingImages: source.TrainingImages);
    }

    // A last layer's weights and biases are a row a class, whether it is a matrix or a 1x1 convolution.
    private static float[] WithKnownRows(float[] values, IReadOnlyList<string> wanted, TrainedModel source, string name)
    {
        if (!source.Parameters.Contains(name))
        {
            return values;
        }

        float[] old = source.Parameters.Export(name);
        int length = values.Length / wanted.Count;
        if (old.Length != length * source.Labels.Count)
        {
            return values;
        }

        Dictionary<string, int> rows = source.Labels.Index().ToDictionary(l => l.Item, l => l.Index, StringComparer.Ordinal);
        for (int i = 0; i < wanted.Count; i++)
        {
            if (rows.TryGetValue(wanted[i], out int row))
            {
                old.AsSpan(row * length, length).CopyTo(values.AsSpan(i * length));
            }
        }

        return values;
    }

    private static (Graph Graph, PreprocessingSpec Preprocessing) Adapt(TrainedModel source, FineTuneOptions options, int? classes, string path)
    {
        PreprocessingSpec preprocessing = source.Preprocessing;
        try
        {
            Graph graph = classes is { } count ? NetworkHead.Replace(source.Graph, count, (float?)(options.Head.Dropout ?? DefaultDropout(options))) : source.Graph;
            if (options.Input.ImageSize is { } size && size != preprocessing.CropSize)
            {
                int resize = (int)Math.Round((double)size * preprocessing.ResizeSize / preprocessing.CropSize);
                preprocessing = preprocessing with { CropSize = size, ResizeSize = resize };
                preprocessing.Validate();
                graph = GraphDescription.From(graph).Build(size, size);
            }

            return (graph, Fitted(preprocessing, options));
        }
        catch (ArgumentException e)
        {
            throw new InvalidWeightsException(path, $"the model cannot be trained on: {e.Message.TrimEnd('.')}", innerException: e);
        }
    }

    // A linear layer alone over-fits little, and dropping half of its inputs costs it accuracy: 85 instead of 88 % on flowers with
    // SqueezeNet's features.
    private static double? DefaultDropout(FineTuneOptions options) =>
        options.TrainableLayers == TrainableLayers.Head && options.Head.Kind != HeadKind.Mlp ? 0 : null;

    private static bool HasLinearHead(Graph graph) => graph.Features.Shape.IsVector
        && graph.Nodes.Where(n => n.Index > graph.Features.Index).All(n => n.Operator is LinearOperator or DropoutOperator or FlattenOperator);
}
