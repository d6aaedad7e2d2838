using Microsoft.ML;
using Microsoft.ML.Data;
using MLClassify.Models;
using MLClassify.Networks;
using MLClassify.Preprocessing;

namespace MLClassify.MLNet;

/// <summary>
/// Adds what a pretrained network makes of an image before its last layer: a vector of Single that any of ML.NET's trainers takes. All NaN
/// for an image that cannot be read, which those trainers leave out.
/// </summary>
public sealed class BackboneFeaturesTransformer : ImageTransformer
{
    private readonly TrainedModel _model;
    private readonly Predictor _predictor;
    private bool _isDisposed;

    private BackboneFeaturesTransformer(string imageColumnName, string outputColumnName, UnreadableImages unreadable, TrainedModel model)
        : base(imageColumnName, unreadable)
    {
        OutputColumnName = outputColumnName;
        _model = model;
        _predictor = new Predictor(model.Engine, model.Graph.UpTo(model.Graph.Features), model.Parameters, model.Preprocessing, ImageComputation.BatchSize);
        Computation = new FeaturesComputation(model.Preprocessing.CropSize, _predictor.OutputLength, CheckedPredictor);
    }

    /// <summary>The column with the features.</summary>
    public string OutputColumnName { get; }

    /// <summary>How many features there are.</summary>
    public int Length => _predictor.OutputLength;

    /// <summary>The network.</summary>
    public NetworkSpec Network => _model.Network;

    /// <summary>The preprocessing of images.</summary>
    public PreprocessingSpec Preprocessing => _model.Preprocessing;

    /// <summary>What the network computes for the features of an image.</summary>
    internal long MultiplyAdds => NetworkSummary.Of(_model.Graph.UpTo(_model.Graph.Features)).MultiplyAdds;

    /// <summary>Takes ownership of a model.</summary>
    internal static BackboneFeaturesTransformer Take(string imageColumnName, string outputColumnName, UnreadableImages unreadable, TrainedModel model)
    {
        try
        {
            return new BackboneFeaturesTransformer(imageColumnName, outputColumnName, unreadable, model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private protected override IEnumerable<DataViewSchema.DetachedColumn> AddedColumns(DataViewSchema input) =>
        [new(OutputColumnName, new VectorDataViewType(NumberDataViewType.Single, Length))];

    private protected override ImageComputation Computation { get; }

    private protected override ArchivedTransformer Describe() => new(
        new TransformerSettings { Kind = TransformerKind.Features, ImageColumn = ImageColumnName, Unreadable = Unreadable, OutputColumn = OutputColumnName },
        _model.Save);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !Interlocked.Exchange(ref _isDisposed, true))
        {
            _predictor.Dispose();
            _model.Dispose();
        }

        base.Dispose(disposing);
    }

    private Predictor CheckedPredictor()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _predictor;
    }

    private sealed class FeaturesComputation(int size, int outputLength, Func<Predictor> predictor) : NetworkComputation(size, outputLength, predictor)
    {
        public override Delegate Getter(int added, IRowValues row) => VectorGetter(OutputLength, row);
    }
}
