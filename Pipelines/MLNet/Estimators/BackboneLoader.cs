using MLClassify.Graphs;
using MLClassify.Models;
using MLClassify.Networks;
using MLClassify.WeightFiles;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.MLNet;

/// <summary>Finds the network whose features are wanted.</summary>
internal static class BackboneLoader
{
    private const int SmallestImage = 8;

    /// <summary>Checks what can be checked without the weights.</summary>
    /// <exception cref="ArgumentException">A setting is outside its range, or two contradict each other.</exception>
    public static void Validate(ExtractImageFeaturesOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(options.ImageColumnName);
        ArgumentException.ThrowIfNullOrEmpty(options.OutputColumnName);
        if (options.Backbone is not null)
        {
            _ = NetworkRegistry.Default.Get(options.Backbone);
        }

        if (options.Model is not null && (options.Backbone is not null || options.ImageSize is not null || options.Preprocessing is not null))
        {
            throw new ArgumentException(
                $"{nameof(options.Model)} brings its own network, image size and preprocessing; leave out {nameof(options.Backbone)}, {nameof(options.ImageSize)} and {nameof(options.Preprocessing)}.");
        }

        options.Preprocessing?.Validate();
        if (options.Preprocessing is { } given && options.ImageSize is { } side && side != given.CropSize)
        {
            throw new ArgumentException(FormattableString.Invariant($"{nameof(options.ImageSize)} is {side}, and {nameof(options.Preprocessing)} crops to {given.CropSize}."));
        }

        if (options.ImageSize is < SmallestImage or > PreprocessingSpec.MaxSize)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"{nameof(options.ImageSize)} is {options.ImageSize}; it must be {SmallestImage} to {PreprocessingSpec.MaxSize}."));
        }

        options.Compute.Validate();
    }

    public static TrainedModel Load(ExtractImageFeaturesOptions options)
    {
        if (options.Model is { } path)
        {
            return TrainedModel.Load(path, options.Compute);
        }

        using WeightsCache? own = options.Resolver is null ? new WeightsCache() : null;
        WeightResolver resolver = options.Resolver ?? new WeightResolver(own!) { AllowsPackages = true };
        (string network, InitialWeights? weights) = Task.Run(() => ChooseAsync(options, resolver)).GetAwaiter().GetResult();
        return Build(NetworkRegistry.Default.Get(network), weights, options);
    }

    private static async Task<(string Network, InitialWeights? Weights)> ChooseAsync(ExtractImageFeaturesOptions options, WeightResolver resolver)
    {
        ResolvedBackbone choice = await DefaultBackbone.ChooseAsync(resolver, options.Backbone, options.Weights).ConfigureAwait(false);
        return (choice.Network, choice.Weights);
    }

    // A model file describes a classifier, so this is one of a single class, whose last layer nobody computes.
    private static TrainedModel Build(NetworkDefinition definition, InitialWeights? weights, ExtractImageFeaturesOptions options)
    {
        int size = options.Preprocessing?.CropSize ?? options.ImageSize ?? definition.DefaultInputSize;
        var network = new NetworkOptions { Classes = 1, InputHeight = size, InputWidth = size };
        Graph graph = definition.Build(network);
        if (!graph.Features.Shape.IsVector)
        {
            network = network with { Head = HeadKind.Linear };
            graph = definition.Build(network);
        }

        using IWeightFile? file = weights?.Open();
        PreprocessingSpec preprocessing = options.Preprocessing ?? InitialPreprocessing.Of(definition, size, weights);
        return ModelFactory.Create(NetworkSpec.From(definition.Name, network), graph, ["features"], preprocessing, options.Compute, parameters =>
        {
            parameters.Initialize(0);
            if (file is not null)
            {
                WeightLoader.Load(parameters, graph, file, new LoadOptions { AllowHeadMismatch = true });
            }
        });
    }
}
