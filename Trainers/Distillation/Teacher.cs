using MLClassify.Engines;
using MLClassify.Graphs;
using MLClassify.Models;
using MLClassify.Networks;
using MLClassify.Preprocessing.Loading;
using MLClassify.WeightFiles;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers;

/// <summary>A teacher: a frozen network whose pooled features are the targets.</summary>
internal sealed class Teacher : IDisposable
{
    private readonly Engine _engine;
    private readonly ParameterStore _parameters;

    private Teacher(Engine engine, Graph graph, ParameterStore parameters, PreprocessingSpec preprocessing)
    {
        _engine = engine;
        Graph = graph;
        _parameters = parameters;
        Preprocessing = preprocessing;
    }

    public Graph Graph { get; }

    public PreprocessingSpec Preprocessing { get; }

    public int Length => Graph.Output.Shape.Count;

    /// <summary>Loads a teacher.</summary>
    /// <param name="description">Which network.</param>
    /// <param name="start">Its weights.</param>
    /// <param name="engine">Computes.</param>
    /// <exception cref="ArgumentException">The network is unknown, or the size too small for it.</exception>
    /// <exception cref="InvalidWeightsException">The file is damaged, or of another network.</exception>
    public static Teacher Load(DistillationTeacher description, InitialWeights start, Engine engine)
    {
        NetworkDefinition definition = NetworkRegistry.Default.Get(description.Backbone);
        int size = description.ImageSize ?? definition.DefaultInputSize;

        // A linear head reads pooled features, whatever the network's own head reads.
        Graph whole = definition.Build(new NetworkOptions { InputHeight = size, InputWidth = size, Head = HeadKind.Linear });
        using IWeightFile weights = start.Open();
        ParameterStore parameters = ModelFactory.CreateParameters(
            engine, whole, store => WeightLoader.Load(store, whole, weights, new LoadOptions { AllowHeadMismatch = true }));
        return new Teacher(engine, whole.UpTo(whole.Features), parameters, InitialPreprocessing.Of(definition, size, start));
    }

    /// <summary>Writes this teacher's features of one view of every readable image.</summary>
    /// <param name="loader">The images, not shuffled.</param>
    /// <param name="view">Which view.</param>
    /// <param name="maxBatch">The loader's batch size.</param>
    /// <param name="targets">The destination.</param>
    /// <param name="offset">Where this teacher's features begin in a row.</param>
    /// <param name="batchDone">Called after every batch with its number of images.</param>
    /// <param name="cancellationToken">Cancels the work between batches.</param>
    public void Describe(
        BatchLoader loader, int view, int maxBatch, TeacherTargets targets, int offset, Action<int> batchDone, CancellationToken cancellationToken)
    {
        using var predictor = new Predictor(_engine, Graph, _parameters, preprocessing: null, maxBatch);
        void Keep(int image, ReadOnlySpan<float> features)
        {
            features.CopyTo(targets[view, image][offset..]);
            targets.MarkKnown(image);
        }

        predictor.ForEach(loader, view, Keep, batchDone, cancellationToken);
    }

    public void Dispose() => _parameters.Dispose();
}
