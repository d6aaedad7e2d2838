using Microsoft.ML;
using Microsoft.ML.Trainers;

namespace MLClassify.MLNet.Vision;

public sealed partial class ImageClassificationTrainer
{
    /// <summary>The networks that <c>Microsoft.ML.Vision</c> knows; each stands for one of this library's.</summary>
    public enum Architecture
    {
        /// <summary><c>resnet101</c>.</summary>
        ResnetV2101,

        /// <summary><c>densenet121</c>, which is of its size; there is no Inception here.</summary>
        InceptionV3,

        /// <summary><c>mobilenet_v2</c>.</summary>
        MobilenetV2,

        /// <summary><c>resnet50</c>.</summary>
        ResnetV250,
    }

    /// <summary>How the trainer works. The names and defaults are those of <c>Microsoft.ML.Vision</c>.</summary>
    public sealed class Options
    {
        /// <summary>The column with the images: image files' content as a vector of Byte, or paths as text. Default <c>Features</c>.</summary>
        public string FeatureColumnName { get; set; } = "Features";

        /// <summary>The column with the classes, a key. Default <c>Label</c>.</summary>
        public string LabelColumnName { get; set; } = "Label";

        /// <summary>The column for the probabilities. Default <c>Score</c>.</summary>
        public string ScoreColumnName { get; set; } = "Score";

        /// <summary>The column for the likeliest class. Default <c>PredictedLabel</c>.</summary>
        public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

        /// <summary>
        /// The network. Default <see cref="Architecture.ResnetV250"/>. Its published weights are fetched once; where they cannot be had, the
        /// default network of this library is taken, and a message to the context's log says so.
        /// </summary>
        public Architecture Arch { get; set; } = Architecture.ResnetV250;

        /// <summary>Images in a batch. Default 10; at least 1.</summary>
        public int BatchSize { get; set; } = 10;

        /// <summary>Epochs. Default 200; at least 1.</summary>
        public int Epoch { get; set; } = 200;

        /// <summary>The learning rate where there is no <see cref="LearningRateScheduler"/>. Default 0.01; above 0.</summary>
        public float LearningRate { get; set; } = 0.01f;

        /// <summary>The learning rate of every step. Default <see cref="ExponentialLRDecay"/>; null for <see cref="LearningRate"/> alone.</summary>
        public LearningRateScheduler? LearningRateScheduler { get; set; } = new ExponentialLRDecay();

        /// <summary>When training ends early. Default: after 20 epochs without one point of accuracy more. Null: never.</summary>
        public EarlyStopping? EarlyStoppingCriteria { get; set; } = new();

        /// <summary>Receives an image's number while features are computed, and every epoch's figures. Default null: nobody.</summary>
        public Action<ImageClassificationMetrics>? MetricsCallback { get; set; }

        /// <summary>Whether <see cref="MetricsCallback"/> gets the training images' figures of an epoch, too. Default true.</summary>
        public bool TestOnTrainSet { get; set; } = true;

        /// <summary>The images that are held out. Default null: a share of the training data, see <see cref="ValidationSetFraction"/>.</summary>
        public IDataView? ValidationSet { get; set; }

        /// <summary>
        /// The share of each class that is held out where there is no <see cref="ValidationSet"/>. Default 0.1; above 0 and below 1. Null is taken
        /// as 0.1: the best epoch is always chosen by images that are held out.
        /// </summary>
        public float? ValidationSetFraction { get; set; } = 0.1f;

        /// <summary>A folder for the report, the curves and the weights, in a subfolder named by <see cref="FinalModelPrefix"/> and the network. Default null: nowhere.</summary>
        public string? WorkspacePath { get; set; }

        /// <summary>How the subfolder's name begins. Default <c>custom_retrained_model_based_on_</c>.</summary>
        public string FinalModelPrefix { get; set; } = "custom_retrained_model_based_on_";

        /// <summary>Without effect: features are computed once and kept in memory.</summary>
        public bool ReuseTrainSetBottleneckCachedValues { get; set; }

        /// <summary>Without effect: features are computed once and kept in memory.</summary>
        public bool ReuseValidationSetBottleneckCachedValues { get; set; }

        /// <summary>Without effect: features are computed once and kept in memory.</summary>
        public string TrainSetBottleneckCachedValuesFileName { get; set; } = "trainSetBottleneckFile.csv";

        /// <summary>Without effect: features are computed once and kept in memory.</summary>
        public string ValidationSetBottleneckCachedValuesFileName { get; set; } = "validationSetBottleneckFile.csv";
    }
}
