using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLClassify.MLNet;

/// <summary>Makes a transformer that needs no training data.</summary>
/// <typeparam name="TTransformer">The transformer.</typeparam>
internal sealed class ImageEstimator<TTransformer> : IEstimator<TTransformer>
    where TTransformer : ImageTransformer
{
    private readonly IHostEnvironment _environment;
    private readonly string _imageColumn;
    private readonly DataViewSchema.DetachedColumn[] _promised;
    private readonly Func<TTransformer> _create;

    internal ImageEstimator(IHostEnvironment environment, string imageColumn, DataViewSchema.DetachedColumn[] promised, Func<TTransformer> create)
    {
        _environment = environment;
        _imageColumn = imageColumn;
        _promised = promised;
        _create = create;
    }

    /// <summary>Makes the transformer; of the data only the columns' types matter.</summary>
    /// <param name="input">The data.</param>
    /// <returns>A transformer of its own for every call, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">There is no column with the images, or it holds something else.</exception>
    public TTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _ = ImageColumns.Find(input.Schema, _imageColumn);
        TTransformer transformer = _create();
        transformer.Environment = _environment;
        return transformer;
    }

    /// <summary>The output schema.</summary>
    /// <param name="inputSchema">The input's schema.</param>
    /// <exception cref="ArgumentException">There is no column with the images, or it holds something else.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ImageColumns.Check(inputSchema, _imageColumn);
        return SchemaShapes.Add(inputSchema, _promised);
    }
}
