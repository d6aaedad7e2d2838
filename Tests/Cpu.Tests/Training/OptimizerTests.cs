using MLClassify.Engines.Cpu.Devices;
using MLClassify.Engines.Cpu.Memory;
using MLClassify.Engines.Cpu.Sessions;
using MLClassify.Engines.Cpu.Training;
using MLClassify.Graphs;

namespace MLClassify.Engines.Cpu.Tests.Optimizers;

public sealed class OptimizerTests : IDisposable
{
    private static readonly float[] Start = [0.5f, -1.25f, 2.0f, 0.0f, -0.03125f];

    private readonly CpuDevice _device = CpuDevice.Create(1);

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
        TrainedGroup[] groups = [new([parameter.Trained], 0.1, name == "sgd" ? 0 : 0.01)];
        OptimizerSpec spec = name switch
        {
            "sgd" => new SgdSpec { Momentum = 0 },
            "momentum" => new SgdSpec(),
            "nesterov" => new SgdSpec { Nesterov = true },
            "adam" => new AdamSpec(),
            _ => new AdamSpec { Decoupled = true },
        };
        using var optimizer = Optimizer.Create(spec, _device, groups);
        string[][] rows = [.. GoldenFile.Rows("optimizers.txt").Where(r => r[0] == name)];
        Assert.Equal(5, rows.Length);
        for (int step = 0; step < rows.Length; step++)
        {
            Span<float> values = parameter.Trained.Value.Span;
            for (int i = 0; i < Start.Length; i++)
            {
                parameter.Trained.Gradient.Span[i] = (values[i] * (1 + step)) - 0.25f;
            }

            optimizer.Step(new StepSettings(1));
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
        using var optimizer = new SgdOptimizer(new SgdSpec { Momentum = 0 }, _device, [new([slow.Trained], 0.125, 0), new([fast.Trained], 0.5, 0)]);

        optimizer.Step(new StepSettings(0.5));

        Assert.Equal(1 - 0.0625f, slow.Trained.Value.Span[0]);
        Assert.Equal(0.75f, fast.Trained.Value.Span[0]);
        Assert.Equal(1, optimizer.Steps);
    }

    [Fact]
    public void Step_MomentumFromSchedule_ReplacesItsOwn()
    {
        using TrainedTensor parameter = new("a", [0f]);
        parameter.Trained.Gradient.Span[0] = 1;
        using var optimizer = new SgdOptimizer(new SgdSpec { Momentum = 0 }, _device, [new([parameter.Trained], 1, 0)]);

        optimizer.Step(new StepSettings(1, Momentum: 0.5));
        optimizer.Step(new StepSettings(1, Momentum: 0.5));

        // Velocities 1 and 1.5.
        Assert.Equal(-2.5f, parameter.Trained.Value.Span[0]);
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
