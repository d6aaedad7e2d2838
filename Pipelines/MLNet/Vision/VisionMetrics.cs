namespace MLClassify.MLNet.Vision;

/// <summary>Tells progress in the words of <c>Microsoft.ML.Vision</c>, and ends training when its rule says so.</summary>
/// <param name="options">The callback and the rule.</param>
/// <param name="trainImages">The number of training images, which come first when features are computed.</param>
/// <param name="validationImages">The number of held-out images, which follow them.</param>
/// <param name="stop">Ends training.</param>
/// <param name="next">Receives all progress, too.</param>
internal sealed class VisionMetrics(
    ImageClassificationTrainer.Options options, int trainImages, int validationImages, CancellationTokenSource stop, IProgress<TrainingProgress> next) : IProgress<TrainingProgress>
{
    private int _batches;
    private int _images;

    public void Report(TrainingProgress value)
    {
        next.Report(value);
        if (value.Completed is { } epoch)
        {
            Epoch(epoch);
        }
        else if (value.Phase == TrainingPhase.Features)
        {
            Features(value.Batch);
        }
        else if (value.Phase == TrainingPhase.Training)
        {
            _batches = value.Batches;
        }
    }

    private void Features(int batches)
    {
        // A batch has so many images, but for the last of each part, which ends with it.
        int trainBatches = (trainImages + options.BatchSize - 1) / options.BatchSize;
        int end = Math.Min(batches * options.BatchSize, trainImages) + Math.Clamp((batches - trainBatches) * options.BatchSize, 0, validationImages);
        for (; _images < end; _images++)
        {
            bool isTrain = _images < trainImages;
            Tell(new ImageClassificationTrainer.ImageClassificationMetrics
            {
                Bottleneck = new ImageClassificationTrainer.BottleneckMetrics
                {
                    DatasetUsed = isTrain ? ImageClassificationTrainer.ImageClassificationMetrics.Dataset.Train : ImageClassificationTrainer.ImageClassificationMetrics.Dataset.Validation,
                    Index = isTrain ? _images : _images - trainImages,
                },
            });
        }
    }

    private void Epoch(EpochResult epoch)
    {
        ImageClassificationTrainer.TrainMetrics train = Of(epoch, ImageClassificationTrainer.ImageClassificationMetrics.Dataset.Train, epoch.TrainAccuracy, epoch.TrainLoss);
        ImageClassificationTrainer.TrainMetrics validation = Of(
            epoch, ImageClassificationTrainer.ImageClassificationMetrics.Dataset.Validation, epoch.ValAccuracy ?? 0, epoch.ValLoss ?? double.NaN);
        if (options.TestOnTrainSet)
        {
            Tell(new ImageClassificationTrainer.ImageClassificationMetrics { Train = train });
        }

        Tell(new ImageClassificationTrainer.ImageClassificationMetrics { Train = validation });
        if (options.EarlyStoppingCriteria?.ShouldStop(validation) == true)
        {
            stop.Cancel();
        }
    }

    private ImageClassificationTrainer.TrainMetrics Of(
        EpochResult epoch, ImageClassificationTrainer.ImageClassificationMetrics.Dataset images, double accuracy, double loss) => new()
        {
            DatasetUsed = images,
            BatchProcessedCount = _batches,
            Epoch = epoch.Epoch - 1,
            Accuracy = (float)accuracy,
            CrossEntropy = (float)loss,
            LearningRate = (float)epoch.LearningRate,
        };

    private void Tell(ImageClassificationTrainer.ImageClassificationMetrics metrics) => options.MetricsCallback?.Invoke(metrics);
}
