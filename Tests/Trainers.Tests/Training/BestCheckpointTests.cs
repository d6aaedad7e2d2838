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

    // Two images of class 0; the logit of the predicted class says how sure, so a right answer's loss falls with it.
    private bool Offer(int epoch, float confidence, int correct)
    {
        _current.Import("w", [epoch]);
        var accumulator = new EvaluationAccumulator(["a", "b"]);
        for (int i = 0; i < 2; i++)
        {
            accumulator.Add(0, i < correct ? [confidence, 0] : [0, confidence]);
        }

        ClassificationReport report = accumulator.ToReport();
        return _best.TryUpdate(new EpochResult(epoch, 0, 0, 0, report.Loss, report.Accuracy, 0), report, _current);
    }
}
