using Microsoft.ML;
using Microsoft.ML.Data;
using MLClassify.Engines;
using MLClassify.Imaging;
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
    private readonly Preprocessor _preprocessor;
    private readonly IInferenceSession _session;
    private readonly Lock _gate = new();
    private bool _isDisposed;

    private BackboneFeaturesTransformer(string imageColumnName, string outputColumnName, UnreadableImages unreadable, TrainedModel model)
        : base(imageColumnName, unreadable)
    {
        OutputColumnName = outputColumnName;
        _model = model;
        _preprocessor = new Preprocessor(model.Preprocessing);
        _session = model.Engine.CreateInference(model.Graph.UpTo(model.Graph.Features), model.Parameters, maxBatch: 1);
        Length = _session.OutputShape.Count;
    }

    /// <summary>The column with the features.</summary>
    public string OutputColumnName { get; }

    /// <summary>How many features there are.</summary>
    public int Length { get; }

    /// <summary>The network.</summary>
    public NetworkSpec Network => _model.Network;

    /// <summary>The preprocessing of images.</summary>
    public PreprocessingSpec Preprocessing => _model.Preprocessing;

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

    private protected override IRowOutput CreateOutput(DataViewRow row, ImageColumnReader reader) => new VectorOutput(Length, row, reader, Write);

    private protected override ArchivedTransformer Describe() => new(
        new TransformerSettings { Kind = TransformerKind.Features, ImageColumn = ImageColumnName, Unreadable = Unreadable, OutputColumn = OutputColumnName },
        _model.Save);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            if (disposing && !_isDisposed)
            {
                _isDisposed = true;
                _session.Dispose();
                _model.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    // Decoded and resized on the callers' threads; the network runs one image at a time, on all the threads it has.
    private void Write(Image image, Span<float> values)
    {
        float[] input = new float[_preprocessor.ValueCount];
        _preprocessor.Apply(image, input);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _session.Run(input).CopyTo(values);
        }
    }
}
