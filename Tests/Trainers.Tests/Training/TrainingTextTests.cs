using System.Globalization;

namespace MLClassify.Trainers.Tests.Training;

public sealed class TrainingTextTests
{
    private static readonly EpochResult Row = new(3, 12.34, 0.43214, 0.875, 0.321, 0.91, 0.001);

    private static readonly TrainingProgress Progress = new()
    {
        Phase = TrainingPhase.Training,
        Epoch = 3,
        Epochs = 10,
        Batch = 12,
        Batches = 40,
        TrainLoss = 0.43214,
        TrainAccuracy = 0.875,
        ImagesPerSecond = 118.24,
        Remaining = new TimeSpan(26, 2, 31),
    };

    [Fact]
    public void EpochResult_Text_HasTheRowsFigures()
    {
        Assert.Equal("epoch 3: training loss 0.4321 (87.5 %), validation loss 0.3210 (91.0 %), rate 0.001, 12.3 s", Row.ToString());
        Assert.Equal("epoch 3: training loss 0.4321 (87.5 %), rate 0.001, 12.3 s", (Row with { ValLoss = null, ValAccuracy = null }).ToString());
    }

    [Fact]
    public void TrainingProgress_Text_SaysWhereTheRunStands()
    {
        Assert.Equal("epoch 3/10, training, batch 12/40, loss 0.4321, accuracy 87.5 %, 118.2 images/s, 26:02:31 left", Progress.ToString());
        Assert.Equal(
            "epoch 3/10, evaluating, batch 2/4, 50.0 images/s",
            (Progress with { Phase = TrainingPhase.Evaluating, Batch = 2, Batches = 4, ImagesPerSecond = 50, Remaining = null }).ToString());
        Assert.Equal(
            "computing features, batch 12/40, 118.2 images/s, 0:00:05 left",
            (Progress with { Phase = TrainingPhase.Features, Epoch = 0, TrainLoss = double.NaN, Remaining = TimeSpan.FromSeconds(5) }).ToString());
        Assert.Equal($"{Row}, of 10 epochs, best so far", (Progress with { Completed = Row, IsBest = true }).ToString());
    }

    [Fact]
    public void TrainingProgress_Text_IsTheSameInEveryCulture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        string expected = Progress.ToString() + Row;
        try
        {
            CultureInfo.CurrentCulture = culture;
            Assert.Equal(expected, Progress.ToString() + Row);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
