using Microsoft.ML;

namespace MLClassify.MLNet;

/// <summary>One of ML.NET's trainers, or a pipeline that ends with one.</summary>
/// <param name="name">Its name.</param>
/// <param name="create">Makes it.</param>
internal sealed class EstimatorSearchTrainer(string name, Func<IEstimator<ITransformer>> create) : SearchTrainer(name)
{
    public override SearchFitting Begin(SearchBackbone backbone, SearchFeatures features) => new Fitting(create, features);

    public override ITransformer Train(SearchBackbone backbone, SearchFeatures features, ImageSearchOptions options)
    {
        ITransformer trained = create().Fit(features.View(features.Images.All));
        return backbone.CreateFeatures(options.ImageColumnName, options.Unreadable).Append(trained);
    }

    private sealed class Fitting(Func<IEstimator<ITransformer>> create, SearchFeatures features) : SearchFitting
    {
        private ITransformer? _trained;

        public override void Fit(int[] images, CancellationToken cancellationToken)
        {
            Dispose();
            _trained = create().Fit(features.View(images));
        }

        public override EvaluationResult Evaluate(int[] images)
        {
            IDataView scored = _trained!.Transform(features.View(images));
            EvaluationResult result = new ScoredImages(FeatureRowsView.LabelName, "Score", FeatureRowsView.ImageName).Evaluate(scored);

            // The images can be read, so it is the trainer that has no answer.
            return result.Skipped.Count == 0
                ? result
                : throw new InvalidOperationException(FormattableString.Invariant($"the scores of {result.Skipped.Count} images are not numbers"));
        }

        public override void Dispose()
        {
            (_trained as IDisposable)?.Dispose();
            _trained = null;
        }
    }
}
