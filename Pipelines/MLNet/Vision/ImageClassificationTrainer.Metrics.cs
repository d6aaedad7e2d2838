namespace MLClassify.MLNet.Vision;

public sealed partial class ImageClassificationTrainer
{
    /// <summary>Figures of an epoch.</summary>
    public sealed class TrainMetrics
    {
        /// <summary>The images that they are of.</summary>
        public ImageClassificationMetrics.Dataset DatasetUsed { get; set; }

        /// <summary>The batches of the epoch.</summary>
        public int BatchProcessedCount { get; set; }

        /// <summary>The epoch, counted from 0.</summary>
        public int Epoch { get; set; }

        /// <summary>The accuracy, 0..1; that of the training images is taken during the epoch, while the layer changes.</summary>
        public float Accuracy { get; set; }

        /// <summary>The mean cross-entropy in nats.</summary>
        public float CrossEntropy { get; set; }

        /// <summary>The learning rate at the epoch's end.</summary>
        public float LearningRate { get; set; }

        /// <summary>The figures on one line, in the words of ML.NET's own trainer.</summary>
        public override string ToString()
        {
            string rate = DatasetUsed == ImageClassificationMetrics.Dataset.Train ? FormattableString.Invariant($", Learning Rate: {LearningRate,10}") : "";
            return FormattableString.Invariant(
                $"Phase: Training, Dataset used: {DatasetUsed,10}, Batch Processed Count: {BatchProcessedCount,3}, Epoch: {Epoch,3}, Accuracy: {Accuracy,10}, Cross-Entropy: {CrossEntropy,10}{rate}");
        }
    }

    /// <summary>Where the computing of features stands.</summary>
    public sealed class BottleneckMetrics
    {
        /// <summary>The images that are worked on.</summary>
        public ImageClassificationMetrics.Dataset DatasetUsed { get; set; }

        /// <summary>The image's number, counted from 0.</summary>
        public int Index { get; set; }

        /// <summary>The place on one line, in the words of ML.NET's own trainer.</summary>
        public override string ToString() => FormattableString.Invariant($"Phase: Bottleneck Computation, Dataset used: {DatasetUsed,10}, Image Index: {Index,3}");
    }

    /// <summary>What <see cref="Options.MetricsCallback"/> gets: figures of an epoch, or, before the first, where the computing of features stands.</summary>
    public sealed class ImageClassificationMetrics
    {
        /// <summary>The parts of the data.</summary>
        public enum Dataset
        {
            /// <summary>The training images.</summary>
            Train,

            /// <summary>The images that are held out.</summary>
            Validation,
        }

        /// <summary>An epoch's figures; null while features are computed.</summary>
        public TrainMetrics? Train { get; set; }

        /// <summary>Where the computing of features stands; null after it.</summary>
        public BottleneckMetrics? Bottleneck { get; set; }

        /// <summary>What there is, on one line.</summary>
        public override string ToString() => Train?.ToString() ?? Bottleneck?.ToString() ?? "";
    }

    /// <summary>What early stopping looks at.</summary>
    public enum EarlyStoppingMetric
    {
        /// <summary>The accuracy, which should rise.</summary>
        Accuracy,

        /// <summary>The loss, which should fall.</summary>
        Loss,
    }

    /// <summary>Ends training when a figure has not improved for some epochs.</summary>
    public sealed class EarlyStopping
    {
        private readonly EarlyStoppingMetric _metric;
        private float? _best;
        private int _waited;

        /// <summary>Takes the rule.</summary>
        /// <param name="minDelta">What counts as better: at least so much; its sign does not matter.</param>
        /// <param name="patience">So many epochs without improvement end training.</param>
        /// <param name="metric">The figure.</param>
        /// <param name="checkIncreasing">Without effect: the figure decides.</param>
        public EarlyStopping(float minDelta = 0.01f, int patience = 20, EarlyStoppingMetric metric = EarlyStoppingMetric.Accuracy, bool checkIncreasing = true)
        {
            _ = checkIncreasing;
            _metric = metric;
            MinDelta = Math.Abs(minDelta);
            Patience = patience;
            CheckIncreasing = metric == EarlyStoppingMetric.Accuracy;
        }

        /// <summary>What counts as better: at least so much.</summary>
        public float MinDelta { get; set; }

        /// <summary>So many epochs without improvement end training.</summary>
        public int Patience { get; set; }

        /// <summary>Whether the figure should rise.</summary>
        public bool CheckIncreasing { get; set; }

        /// <summary>Takes an epoch's figures.</summary>
        /// <param name="currentMetrics">The figures of the images that are held out.</param>
        /// <returns>Whether training should end.</returns>
        public bool ShouldStop(TrainMetrics currentMetrics)
        {
            ArgumentNullException.ThrowIfNull(currentMetrics);
            float value = _metric == EarlyStoppingMetric.Accuracy ? currentMetrics.Accuracy : currentMetrics.CrossEntropy;
            float worst = CheckIncreasing ? 0 : float.MaxValue;
            float gain = CheckIncreasing ? value - (_best ?? worst) : (_best ?? worst) - value;
            if (gain >= MinDelta)
            {
                (_best, _waited) = (value, 0);
                return false;
            }

            _waited++;
            return _waited >= Patience;
        }
    }
}
