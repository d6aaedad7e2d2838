using MLClassify.Engines.Torch.Training;

namespace MLClassify.Engines.Torch.Tests.Training;

public class LossScaleTests
{
    [Fact]
    public void Value_OtherThanFloat16_IsOneAndOverflowsAreProblems()
    {
        var scale = new LossScale(ComputePrecision.BFloat16, 32);
        Assert.Equal(1, scale.Value);
        Assert.False(scale.Overflow());
    }

    [Fact]
    public void Value_Float16_FallsAtOverflowsAndRisesAfterManySteps()
    {
        var scale = new LossScale(ComputePrecision.Float16, 32);
        Assert.Equal(2_048, scale.Value);
        double first = scale.Value;
        Assert.True(scale.Overflow());
        Assert.Equal(first / 2, scale.Value);
        for (int i = 0; i < 2_000; i++)
        {
            scale.Success();
        }

        Assert.Equal(first, scale.Value);
        while (scale.Value > 1)
        {
            Assert.True(scale.Overflow());
        }

        Assert.False(scale.Overflow());
    }
}
