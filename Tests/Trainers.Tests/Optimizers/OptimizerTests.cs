using MLClassify.Graphs;
using MLClassify.Graphs.Devices;
using MLClassify.Graphs.Sessions;

namespace MLClassify.Trainers.Tests.Optimizers;

public sealed class OptimizerTests : IDisposable
{
    private static readonly float[] Start = [0.5f, -1.25f, 2.0f, 0.0f, -0.03125f];

    private readonly Device _device = Device.Cpu(1);

    public void Dispose() => _device.Dispose();

    [Theory]
    [InlineData("sgd")]
    [InlineData("momentum")]
    [InlineData("nesterov")]
    [InlineData("adam")]
    [InlineData("adamw")]
    public void Step_FiveTimes_IsPyTorchs(string name)
    {
        using TrainedTensor parameter = new("a", Start);
        ParameterGroup[] groups = [new("all", [parameter.Trained], 0.1, name == "sgd" ? 0 : 0.01)];
        using Optimizer optimizer = name switch
        {
            "sgd" => new SgdOptimizer(_device, groups) { Momentum = 0 },
            "momentum" => new SgdOptimizer(_device, groups),
            "nesterov" => new SgdOptimizer(_device, groups) { Nesterov = true },
            "adam" => new AdamOptimizer(_device, groups),
            _ => new AdamOptimizer(_device, groups) { Decoupled = true },
        };
        string[][] rows = [.. GoldenFile.Rows("optimizers.txt").Where(r => r[0] == name)];
        Assert.Equal(5, rows.Length);
        for (int step = 0; step < rows.Length; step++)
        {
            Span<float> values = parameter.Trained.Value.Span;
            for (int i = 0; i < Start.Length; i++)
            {
                parameter.Trained.Gradient.Span[i] = (values[i] * (1 + step)) - 0.25f;
            }

            optimizer.Step(new SchedulePoint(1));
            for (int i = 0; i < Start.Length; i++)
            {
                // Five steps of a handful of operations on values up to 2.5, each within half a unit of 2^-24; Adam divides by a root
                // of a small number, which magnifies the gradient's rounding.
                Assert.Equal(GoldenFile.Number(rows[step][2 + i]), values[i], name.StartsWith("adam", StringComparison.Ordinal) ? 5e-5 : 2e-6);
            }
        }
    }

    [Fact]
    public void Step_TwoGroups_UsesEachRateAndTheFactor()
    {
        using TrainedTensor slow = new("slow", [1f]);
        using TrainedTensor fast = new("fast", [1f]);
        slow.Trained.Gradient.Span[0] = 1;
        fast.Trained.Gradient.Span[0] = 1;
        using var optimizer = new SgdOptimizer(_device, [new("backbone", [slow.Trained], 0.125, 0), new("head", [fast.Trained], 0.5, 0)]) { Momentum = 0 };

        optimizer.Step(new SchedulePoint(0.5));

        Assert.Equal(1 - 0.0625f, slow.Trained.Value.Span[0]);
        Assert.Equal(0.75f, fast.Trained.Value.Span[0]);
        Assert.Equal(1, optimizer.Steps);
    }

    [Fact]
    public void Step_MomentumFromSchedule_ReplacesItsOwn()
    {
        using TrainedTensor parameter = new("a", [0f]);
        parameter.Trained.Gradient.Span[0] = 1;
        using var optimizer = new SgdOptimizer(_device, [new("all", [parameter.Trained], 1, 0)]) { Momentum = 0 };

        optimizer.Step(new SchedulePoint(1, Momentum: 0.5));
        optimizer.Step(new SchedulePoint(1, Momentum: 0.5));

        // Velocities 1 and 1.5.
        Assert.Equal(-2.5f, parameter.Trained.Value.Span[0]);
    }

    [Fact]
    public void Create_ParameterTwice_Throws()
    {
        using TrainedTensor parameter = new("a", [0f]);
        ParameterGroup group = new("x", [parameter.Trained], 1, 0);
        ArgumentException error = Assert.Throws<ArgumentException>(() => new SgdOptimizer(_device, [group, group]));
        Assert.Contains("'a'", error.Message);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Create_BadRate_NamesGroupAndValue(double rate)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new AdamOptimizer(_device, [new("head", [], rate, 0)]));
        Assert.Contains("learning rate of the group 'head'", error.Message);
    }

    private sealed class TrainedTensor : IDisposable
    {
        public TrainedTensor(string name, float[] values)
        {
            var parameter = new Parameter { Name = name, Role = ParameterRole.Bias, Dimensions = [values.Length], Initializer = Initializer.Zeros };
            Trained = new TrainedParameter(parameter, new Tensor(values.Length), new Tensor(values.Length));
            values.CopyTo(Trained.Value.Span);
        }

        public TrainedParameter Trained { get; }

        public void Dispose()
        {
            Trained.Value.Dispose();
            Trained.Gradient.Dispose();
        }
    }
}
