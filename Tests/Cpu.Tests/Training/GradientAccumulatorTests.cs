using MLClassify.Engines.Cpu.Devices;
using MLClassify.Engines.Cpu.Memory;
using MLClassify.Engines.Cpu.Sessions;
using MLClassify.Engines.Cpu.Training;
using MLClassify.Graphs;

namespace MLClassify.Engines.Cpu.Tests.Training;

public sealed class GradientAccumulatorTests : IDisposable
{
    private readonly CpuDevice _device = CpuDevice.Create(2);
    private readonly TrainedParameter _parameter;

    public GradientAccumulatorTests()
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
    public void Average_SeveralBatches_WeighsThemBySamples()
    {
        using var accumulator = new GradientAccumulator([_parameter], _device, batches: 2, clipNorm: 0);
        Set(1, 2, 3);
        accumulator.Add(3);
        Assert.Equal(3, accumulator.Samples);
        Set(5, 6, 7);
        accumulator.Add(1);
        Step(accumulator);
        Assert.Equal(0, accumulator.Samples);
        Assert.Equal([-2, -3, -4], _parameter.Value.Span.ToArray());

        // What was added before is gone; the last batch of an epoch may be alone.
        Set(1, 1, 1);
        accumulator.Add(2);
        Step(accumulator);
        Assert.Equal([-3, -4, -5], _parameter.Value.Span.ToArray());
    }

    [Theory]
    [InlineData(0, 3, 0, 4)]
    [InlineData(10, 3, 0, 4)]
    [InlineData(5, 3, 0, 4)]
    [InlineData(1, 0.6f, 0, 0.8f)]
    public void Clip_Limit_ScalesLongerGradientsDown(double limit, float first, float second, float third)
    {
        using var accumulator = new GradientAccumulator([_parameter], _device, batches: 1, limit);
        Set(3, 0, 4);
        accumulator.Add(1);
        Assert.Equal(5, Step(accumulator), 1e-6);
        float[] step = [.. _parameter.Value.Span.ToArray().Select(v => -v)];
        Assert.All(step.Zip([first, second, third]), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Clip_GradientIsNotFinite_NamesItAndChangesNothing(float value)
    {
        using var accumulator = new GradientAccumulator([_parameter], _device, batches: 1, clipNorm: 1);
        Set(1, value, 1);
        accumulator.Add(1);
        Assert.Equal(double.NaN, accumulator.Clip(out string? nonFinite));
        Assert.Equal("w", nonFinite);
        Assert.Equal([1, value, 1], _parameter.Gradient.Span.ToArray());
    }

    [Fact]
    public void Add_MoreBatchesThanDeclared_IsRefused()
    {
        using var accumulator = new GradientAccumulator([_parameter], _device, batches: 1, clipNorm: 0);
        accumulator.Add(1);
        Assert.Throws<InvalidOperationException>(() => accumulator.Add(1));
    }

    // Plain descent at rate 1.
    private double Step(GradientAccumulator accumulator)
    {
        using var optimizer = new SgdOptimizer(new SgdSpec { Momentum = 0 }, _device, [new TrainedGroup([_parameter], LearningRate: 1, WeightDecay: 0)]);
        accumulator.Average();
        double norm = accumulator.Clip(out string? nonFinite);
        Assert.Null(nonFinite);
        optimizer.Step(new StepSettings(1));
        accumulator.Clear();
        return norm;
    }

    private void Set(params ReadOnlySpan<float> values) => values.CopyTo(_parameter.Gradient.Span);
}
