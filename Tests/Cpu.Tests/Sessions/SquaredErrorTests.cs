using MLClassify.Engines.Cpu.Devices;
using MLClassify.Engines.Cpu.Parameters;
using MLClassify.Engines.Cpu.Sessions;
using MLClassify.Graphs;
using MLClassify.Testing.Engines;

namespace MLClassify.Engines.Cpu.Tests.Sessions;

public sealed class SquaredErrorTests : IDisposable
{
    private static readonly int[] Labels = [4, 0, 2, 1];
    private readonly CpuDevice _device = CpuDevice.Create(2);
    private readonly Graph _graph = TestNetworks.Residual(dropout: 0.3f);

    public void Dispose() => _device.Dispose();

    // The slope of squared error is 2 (output - target) / outputs, that of cross-entropy probability - label: targets chosen so that
    // both are equal must give the same gradients, up to the rounding of the targets (2^-24 of values of a few units).
    [Fact]
    public void StepMeanSquaredError_TargetsWithCrossEntropysSlope_GivesCrossEntropysGradients()
    {
        int classes = _graph.Output.Shape.Channels;
        using CpuParameterStore parameters = CpuNetworks.Parameters(_graph, _device);
        using var session = new GradientSession(_graph, parameters, new GradientSessionOptions { MaxBatch = Labels.Length });
        TestNetworks.Fill(session.Input, 5);
        session.Step(Labels, 3);
        float[] logits = session.Logits.ToArray();
        Dictionary<string, float[]> expected = CpuNetworks.Gradients(session, _device);

        float[] targets = new float[logits.Length];
        double loss = 0;
        for (int sample = 0; sample < Labels.Length; sample++)
        {
            double sum = Enumerable.Range(0, classes).Sum(c => Math.Exp(logits[(sample * classes) + c]));
            for (int c = 0; c < classes; c++)
            {
                int i = (sample * classes) + c;
                double slope = (Math.Exp(logits[i]) / sum) - (Labels[sample] == c ? 1 : 0);
                targets[i] = (float)(logits[i] - (slope * classes / 2));
                loss += ((double)logits[i] - targets[i]) * ((double)logits[i] - targets[i]) / classes;
            }
        }

        TestNetworks.Fill(session.Input, 5);
        StepResult result = session.StepMeanSquaredError(targets, 3);

        Assert.Equal(0, result.Correct);
        Assert.Equal(loss, result.LossSum, 1e-5 * loss);
        Dictionary<string, float[]> actual = CpuNetworks.Gradients(session, _device);
        double scale = expected.Values.Max(g => g.Max(Math.Abs));
        foreach ((string name, float[] gradient) in expected)
        {
            Assert.All(gradient.Zip(actual[name]), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1e-5 * scale));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1)]
    public void StepMeanSquaredError_NoWholeNumberOfSamples_Throws(int extra)
    {
        int classes = _graph.Output.Shape.Channels;
        using CpuParameterStore parameters = CpuNetworks.Parameters(_graph, _device);
        using var session = new GradientSession(_graph, parameters, new GradientSessionOptions { MaxBatch = 2 });
        float[] targets = new float[extra == 0 ? 0 : (2 * classes) + extra];
        ArgumentException e = Assert.Throws<ArgumentException>(() => session.StepMeanSquaredError(targets, 0));
        Assert.Contains($"1 to 2 samples of {classes} values, got {targets.Length} values", e.Message, StringComparison.Ordinal);
    }
}
