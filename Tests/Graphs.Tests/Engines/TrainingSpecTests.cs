using MLClassify.Engines;

namespace MLClassify.Graphs.Tests.Engines;

public class TrainingSpecTests
{
    private static readonly Parameter Weight = new() { Name = "a", Role = ParameterRole.Bias, Dimensions = [1], Initializer = Initializer.Zeros };

    [Fact]
    public void Validate_ParameterTwice_Throws()
    {
        var group = new ParameterGroup("x", [Weight], 1, 0);
        ArgumentException error = Assert.Throws<ArgumentException>(() => Spec(group, group).Validate());
        Assert.Contains("'a'", error.Message);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Validate_BadRate_NamesGroupAndValue(double rate)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Spec(new ParameterGroup("head", [], rate, 0)).Validate());
        Assert.Contains("learning rate of the group 'head'", error.Message);
    }

    [Fact]
    public void Validate_Statistic_IsNotTrainable()
    {
        Parameter mean = Weight with { Name = "norm.running_mean", Role = ParameterRole.RunningMean };
        Assert.Contains("'norm.running_mean'", Assert.Throws<ArgumentException>(() => Spec(new ParameterGroup("all", [mean], 1, 0)).Validate()).Message);
    }

    [Fact]
    public void Validate_NothingTrained_Throws() => Assert.Throws<ArgumentException>(() => Spec().Validate());

    [Theory]
    [InlineData(0, 1, 0.0, 0f)]
    [InlineData(1, 0, 0.0, 0f)]
    [InlineData(1, 1, -1.0, 0f)]
    [InlineData(1, 1, 0.0, 1f)]
    [InlineData(1, 1, 0.0, -0.1f)]
    public void Validate_OutOfRange_Throws(int batch, int accumulation, double clipNorm, float smoothing)
    {
        TrainingSpec spec = Spec(new ParameterGroup("all", [Weight], 1, 0)) with
        {
            MaxBatch = batch,
            AccumulationSteps = accumulation,
            ClipNorm = clipNorm,
            Loss = new SoftmaxCrossEntropy { LabelSmoothing = smoothing },
        };
        Assert.Throws<ArgumentOutOfRangeException>(spec.Validate);
    }

    [Fact]
    public void Validate_OptimizerOutOfRange_Throws()
    {
        var group = new ParameterGroup("all", [Weight], 1, 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => (Spec(group) with { Optimizer = new SgdSpec { Momentum = 1 } }).Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => (Spec(group) with { Optimizer = new AdamSpec { Beta2 = -0.1 } }).Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => (Spec(group) with { Optimizer = new AdamSpec { Epsilon = 0 } }).Validate());
    }

    private static TrainingSpec Spec(params ParameterGroup[] groups) => new() { Groups = groups, Optimizer = new SgdSpec() };
}
