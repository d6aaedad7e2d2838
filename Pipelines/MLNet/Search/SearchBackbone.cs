using MLClassify.Common;
using MLClassify.Graphs;
using MLClassify.Models;
using MLClassify.Networks;
using MLClassify.Trainers;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.MLNet;

/// <summary>A network of a search, whose weights have been found.</summary>
internal sealed class SearchBackbone
{
    private readonly FineTuneOptions _options;
    private readonly InitialWeights? _start;

    private SearchBackbone(FineTuneOptions options, InitialWeights? start) => (_options, _start) = (options, start);

    /// <summary>Finds the weights, and fetches them where they are not here.</summary>
    /// <param name="options">Network and weights.</param>
    /// <param name="seed">Decides what is random in a network without weights.</param>
    /// <param name="resolver">Where to look; the cache that the environment describes when null.</param>
    /// <param name="fetching">Called with the name of every file that is fetched, before it is.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    public static SearchBackbone Open(ExtractImageFeaturesOptions options, long seed, WeightResolver? resolver, Action<string> fetching, CancellationToken cancellationToken)
    {
        FineTuneOptions training = new FineTuneOptions
        {
            Backbone = options.Backbone,
            Weights = options.Weights,
            InitialModel = options.Model,
            TrainableLayers = TrainableLayers.Head,
            Seed = seed,
            Input = new() { ImageSize = options.ImageSize, Preprocessing = options.Preprocessing },
            Compute = options.Compute,
        }.Resolve();

        // Trainers work on threads of their own: nothing here waits for the caller's.
        (FineTuneOptions exact, InitialWeights? start) = Task.Run(
            () => FineTuneNetwork.StartAsync(training, options.Resolver ?? resolver, new Fetching(fetching), logger: null, cancellationToken), cancellationToken).GetAwaiter().GetResult();
        return new SearchBackbone(exact, start);
    }

    /// <summary>What is trained with it, for a model's record.</summary>
    public FineTuneOptions Options => _options;

    /// <summary>The network as a transformer that adds <see cref="FeatureRowsView.FeaturesName"/>.</summary>
    /// <param name="imageColumn">The column with the images.</param>
    /// <param name="unreadable">What it makes of images that cannot be read.</param>
    public BackboneFeaturesTransformer CreateFeatures(string imageColumn, UnreadableImages unreadable) =>
        BackboneFeaturesTransformer.Take(imageColumn, FeatureRowsView.FeaturesName, unreadable, FineTuneNetwork.Create(_options, ["features"], _start));

    /// <summary>The network with a linear layer for some classes, not trained.</summary>
    /// <param name="classNames">Their names.</param>
    public TrainedModel CreateClassifier(IReadOnlyList<string> classNames) => FineTuneNetwork.Create(_options, classNames, _start);

    /// <summary>What the network computes for the features of an image.</summary>
    public static long MultiplyAddsOf(Graph graph) => NetworkSummary.Of(graph.UpTo(graph.Features)).MultiplyAdds;

    private sealed class Fetching(Action<string> fetching) : IProgress<DownloadProgress>
    {
        private string _last = "";

        public void Report(DownloadProgress value)
        {
            if (value.Phase == DownloadPhase.Connecting && value.File != _last)
            {
                _last = value.File;
                fetching(value.File);
            }
        }
    }
}
