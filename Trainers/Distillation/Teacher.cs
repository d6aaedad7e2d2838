using MLClassify.Engines;
using MLClassify.Evaluation;
using MLClassify.Graphs;
using MLClassify.Networks;
using MLClassify.Preprocessing.Loading;
using MLClassify.WeightFiles;

namespace MLClassify.Trainers;

/// <summary>A frozen network whose pooled features are to be learnt.</summary>
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
    /// <exception cref="ArgumentException">The network is unknown, or the size too small for it.</exception>
    /// <exception cref="InvalidWeightsException">The file is damaged, or of another network.</exception>
    public static Teacher Load(DistillationTeacher description, Engine engine)
    {
        NetworkDefinition definition = NetworkRegistry.Default.Get(description.Backbone);
        int size = description.ImageSize ?? definition.DefaultInputSize;

        // A linear head reads pooled features, whatever the network's own head reads.
        Graph whole = definition.Build(new NetworkOptions { InputHeight = size, InputWidth = size, Head = HeadKind.Linear });
        using IWeightFile weights = WeightFile.Open(description.Weights);
        ParameterStore parameters = ModelFactory.CreateParameters(
            engine, whole, store => WeightLoader.Load(store, whole, weights, new LoadOptions { AllowHeadMismatch = true }));
        return new Teacher(engine, whole.UpTo(whole.Features), parameters, PreprocessingSpec.ForInput(size, definition.ResizeRatio));
    }

    /// <summary>Writes this teacher's features of one view of every readable picture.</summary>
    /// <param name="loader">The pictures, not shuffled.</param>
    /// <param name="view">Which view.</param>
    /// <param name="maxBatch">The loader's batch size.</param>
    /// <param name="targets">Where to.</param>
    /// <param name="offset">Where this teacher's features begin in a row.</param>
    /// <param name="batchDone">Called after every batch with its number of pictures.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    public void Describe(
        BatchLoader loader, int view, int maxBatch, TeacherTargets targets, int offset, Action<int> batchDone, CancellationToken cancellationToken)
    {
        using IInferenceSession session = _engine.CreateInference(Graph, _parameters, maxBatch);
        void Keep(int picture, ReadOnlySpan<float> features)
        {
            features.CopyTo(targets[view, picture][offset..]);
            targets.MarkKnown(picture);
        }

        FeatureExtractor.ForEach(session, loader, view, Keep, batchDone, cancellationToken);
    }

    public void Dispose() => _parameters.Dispose();
}
