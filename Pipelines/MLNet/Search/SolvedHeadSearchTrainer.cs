using Microsoft.ML;
using MLClassify.Graphs;
using MLClassify.Models;
using MLClassify.Trainers;

namespace MLClassify.MLNet;

/// <summary>This library's own trainer of a linear layer: solved to its optimum, with the strength of regularization chosen inside the training images.</summary>
internal sealed class SolvedHeadSearchTrainer() : SearchTrainer(HeadName)
{
    public const string HeadName = "head";

    public override SearchFitting Begin(SearchBackbone backbone, SearchFeatures features) => new Fitting(backbone, features);

    public override ITransformer Train(SearchBackbone backbone, SearchFeatures features, ImageSearchOptions options)
    {
        using var fitting = new Fitting(backbone, features);
        fitting.Fit(features.Images.All, CancellationToken.None);
        return fitting.TakeTransformer(options);
    }

    private sealed class Fitting(SearchBackbone backbone, SearchFeatures features) : SearchFitting
    {
        private readonly TrainedModel _model = backbone.CreateClassifier(features.ClassNames);
        private ImageDataset? _trainedOn;
        private bool _isTaken;

        private Graph Head => _model.Graph.After(_model.Graph.Features);

        public override void Fit(int[] images, CancellationToken cancellationToken)
        {
            if (!HeadSolving.Fits(Head))
            {
                throw new NotSupportedException("the network's last layer is no linear one that could be solved");
            }

            _trainedOn = features.Dataset(images);
            HeadSolving.Solve(Head, _model.Parameters, features.Set(images), _trainedOn, backbone.Options, _ => { }, cancellationToken);
        }

        public override EvaluationResult Evaluate(int[] images) =>
            new FeatureValidator(_model.Engine, Head, features.Set(images), features.ClassNames).Evaluate(_model.Parameters, _ => { }, CancellationToken.None);

        /// <summary>What was trained last as a transformer.</summary>
        public ImageClassifierTransformer TakeTransformer(ImageSearchOptions options)
        {
            // Rows of bytes have no files whose content could be remembered.
            ImageDataset files = new(features.ClassNames, _trainedOn!.Samples.Where(sample => File.Exists(sample.Path)));
            var model = new TrainedModel(_model.Network, _model.Graph, _model.Labels, _model.Preprocessing, _model.Engine, _model.Parameters)
            {
                Compute = _model.Compute,
                TrainingRecord = TrainingRecord.Create(backbone.Options, _trainedOn, new ImageDataset(features.ClassNames, []), best: null),
                TrainingImages = files.Count > 0 ? TrainingImages.Of(files, _model.TrainingImages) : _model.TrainingImages,
            };
            _isTaken = true;
            var columns = new ClassifierColumns(options.ImageColumnName, "PredictedLabel", "Score", options.Unreadable);
            return new ImageClassifierTransformer(new ImageClassifier(model), features.KeyNames, columns);
        }

        public override void Dispose()
        {
            if (!_isTaken)
            {
                _model.Dispose();
            }
        }
    }
}
