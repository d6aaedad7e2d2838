using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Evaluation;
using MLClassify.Graphs;

namespace MLClassify.Trainers.Tests.Training;

public sealed class BestCheckpointTests : IDisposable
{
    private static readonly Parameter Only = new() { Name = "w", Role = ParameterRole.Bias, Dimensions = [1], Initializer = Initializer.Zeros };

    private readonly CpuEngine _engine = new(1);
    private readonly ParameterStore _current;
    private readonly BestCheckpoint _best;

    public BestCheckpointTests()
    {
        _current = _engine.CreateParameters([Only]);
        _best = new BestCheckpoint(_engine.CreateParameters([Only]));
    }

    public void Dispose()
    {
        _best.Dispose();
        _current.Dispose();
        _engine.Dispose();
    }

    [Fact]
    public void TryUpdate_Epochs_KeepsHighestAccuracyThenLowestLossThenEarliest()
    {
        Assert.True(Offer(1, confidence: 1, correct: 1));
        Assert.True(Offer(2, confidence: 1, correct: 2));
        Assert.False(Offer(3, confidence: 9, correct: 1));
        Assert.True(Offer(4, confidence: 3, correct: 2));
        Assert.False(Offer(5, confidence: 3, correct: 2));

        _best.Restore(_current);

        Assert.Equal(4, _best.Epoch!.Epoch);
        Assert.Equal(4, _current.Export("w")[0]);
    }

    [Fact]
    public void Restore_NoEpoch_LeavesTheCurrentValues()
    {
        _current.Import("w", [7]);
        _best.Restore(_current);
        Assert.Equal(7, _current.Export("w")[0]);
    }

    [Fact]
    public void TryUpdate_LossNotANumber_IsBeatenByAnyOther()
    {
        Assert.True(Offer(1, confidence: float.NaN, correct: 0));
        Assert.True(Offer(2, confidence: 1, correct: 0));
        Assert.False(Offer(3, confidence: float.NaN, correct: 0));
    }

    // Nine images of one class and one of another: saying always the first is 90 % right, and half of what is to be told apart.
    [Theory]
    [InlineData(MonitoredMetric.Accuracy, 1)]
    [InlineData(MonitoredMetric.Balanced, 2)]
    [InlineData(MonitoredMetric.F1, 2)]
    [InlineData(MonitoredMetric.Loss, 3)]
    public void TryUpdate_RareClass_IsChosenByTheMetric(MonitoredMetric metric, int expected)
    {
        using var best = new BestCheckpoint(_engine.CreateParameters([Only]), metric);
        Offer(best, 1, confidence: 9, commonRight: 9, rareRight: 0);
        Offer(best, 2, confidence: 9, commonRight: 7, rareRight: 1);
        Offer(best, 3, confidence: 0.1f, commonRight: 6, rareRight: 0);

        Assert.Equal(expected, best.Epoch!.Epoch);
    }

    private void Offer(BestCheckpoint best, int epoch, float confidence, int commonRight, int rareRight)
    {
        var accumulator = new EvaluationAccumulator(["common", "rare"]);
        for (int i = 0; i < 10; i++)
        {
            bool isRare = i == 9;
            bool isFirst = isRare ? rareRight == 0 : i < commonRight;
            accumulator.Add(isRare ? 1 : 0, isFirst ? [confidence, 0] : [0, confidence]);
        }

        EvaluationResult report = accumulator.ToResult();
        best.TryUpdate(new EpochResult(epoch, 0, 0, 0, report.Loss, report.Accuracy, 0), report, _current);
    }

    // Two images of class 0; the logit of the predicted class says how sure, so a right answer's loss falls with it.
    private bool Offer(int epoch, float confidence, int correct)
    {
        _current.Import("w", [epoch]);
        var accumulator = new EvaluationAccumulator(["a", "b"]);
        for (int i = 0; i < 2; i++)
        {
            accumulator.Add(0, i < correct ? [confidence, 0] : [0, confidence]);
        }

        EvaluationResult report = accumulator.ToResult();
        return _best.TryUpdate(new EpochResult(epoch, 0, 0, 0, report.Loss, report.Accuracy, 0), report, _current);
    }
}
