using MLClassify.Cli.Output;
using MLClassify.Preprocessing.Loading;

namespace MLClassify.Cli.Tests.Output;

public sealed class ProgressLineTests
{
    private static readonly TrainingProgress Progress = new()
    {
        Phase = TrainingPhase.Training,
        Epoch = 3,
        Epochs = 10,
        Batch = 4,
        Batches = 20,
        TrainLoss = 0.5,
        TrainAccuracy = 0.75,
        ImagesPerSecond = 123.4,
        Elapsed = TimeSpan.FromSeconds(12),
        Remaining = TimeSpan.FromSeconds(75),
        IsBest = true,
    };

    [Fact]
    public void Phase_Training_SaysWhere() => Assert.Equal("epoch 3/10  4/20  loss 0.5000 75.0 %  123 images/s  left 1:15", ProgressLine.Phase(Progress));

    [Fact]
    public void Epoch_Best_IsMarked() => Assert.Equal(
        "epoch   3/10  train 0.5000 75.0 %  val 0.2500 90.0 % *  lr 0.01  12 s  left 1:15",
        ProgressLine.Epoch(Progress, new EpochResult(3, 1, 0.5, 0.75, 0.25, 0.9, 0.01)));

    [Theory]
    [InlineData(59.4, "59 s")]
    [InlineData(61, "1:01")]
    [InlineData(3661, "1:01:01")]
    public void Duration_Seconds_AreReadable(double seconds, string expected) => Assert.Equal(expected, ProgressLine.Duration(TimeSpan.FromSeconds(seconds)));
}
