using Microsoft.ML;

namespace MLClassify.MLNet.Tests;

/// <summary>A trainer that a test sees at work.</summary>
/// <param name="inner">Trains.</param>
/// <param name="fitting">Called with the data of every training.</param>
internal sealed class WatchedTrainer(IEstimator<ITransformer> inner, Action<IDataView> fitting) : IEstimator<ITransformer>
{
    public ITransformer Fit(IDataView input)
    {
        fitting(input);
        return inner.Fit(input);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inner.GetOutputSchema(inputSchema);
}
