using MLClassify.Graphs;
using MLClassify.Graphs.Devices;
using MLClassify.Graphs.Sessions;

namespace MLClassify.Trainers.Tests.Training;

public sealed class GradientUpdateTests : IDisposable
{
    private readonly Device _device = Device.Cpu(2);
    private readonly TrainedParameter _parameter;

    public GradientUpdateTests()
    {
        var declared = new Parameter { Name = "w", Role = ParameterRole.Bias, Dimensions = [3], Initializer = Initializer.Zeros };
        _parameter = new TrainedParameter(declared, new Tensor(3), new Tensor(3));
    }

    public void Dispose()
    {
        _parameter.Value.Dispose();
        _parameter.Gradient.Dispose();
        _device.Dispose();
    }

    [Fact]
    public void Step_SeveralBatches_AveragesBySamples()
    {
        using Optimizer optimizer = Descent();
        using var update = new GradientUpdate([_parameter], _device, optimizer, batches: 2, clipNorm: 0);
        Set(1, 2, 3);
        Assert.False(update.Add(3));
        Assert.False(update.IsClear);
        Set(5, 6, 7);
        Assert.True(update.Add(1));
        Assert.Null(update.Step(new SchedulePoint(1)));
        Assert.True(update.IsClear);
        Assert.Equal([-2, -3, -4], _parameter.Value.Span.ToArray());

        // What was added before is gone; the last batch of an epoch may be alone.
        Set(1, 1, 1);
        update.Add(2);
        update.Step(new SchedulePoint(1));
        Assert.Equal([-3, -4, -5], _parameter.Value.Span.ToArray());
    }

    [Theory]
    [InlineData(0, 3, 0, 4)]
    [InlineData(10, 3, 0, 4)]
    [InlineData(5, 3, 0, 4)]
    [InlineData(1, 0.6f, 0, 0.8f)]
    public void Step_Limit_ScalesLongerGradientsDown(double limit, float first, float second, float third)
    {
        using Optimizer optimizer = Descent();
        using var update = new GradientUpdate([_parameter], _device, optimizer, batches: 1, limit);
        Set(3, 0, 4);
        update.Add(1);
        Assert.Null(update.Step(new SchedulePoint(1)));
        Assert.Equal(5, update.Norm, 1e-6);
        float[] step = [.. _parameter.Value.Span.ToArray().Select(v => -v)];
        Assert.All(step.Zip([first, second, third]), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Step_GradientIsNotFinite_NamesItAndMakesNoStep(float value)
    {
        using Optimizer optimizer = Descent();
        using var update = new GradientUpdate([_parameter], _device, optimizer, batches: 1, clipNorm: 1);
        Set(1, value, 1);
        update.Add(1);
        Assert.Equal("w", update.Step(new SchedulePoint(1)));
        Assert.Equal([0, 0, 0], _parameter.Value.Span.ToArray());
    }

    private SgdOptimizer Descent() => new(_device, [new ParameterGroup("all", [_parameter], LearningRate: 1, WeightDecay: 0)]) { Momentum = 0 };

    private void Set(params ReadOnlySpan<float> values) => values.CopyTo(_parameter.Gradient.Span);
}
