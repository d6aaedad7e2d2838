using MLClassify.Engines.Cpu;

namespace MLClassify.Networks.Tests.Parity;

/// <summary>Holds every network to PyTorch in float64 on the processor's engine: see <see cref="ParityCheck"/>.</summary>
public sealed class TrainingStepsParityTests : IDisposable
{
    private readonly CpuEngine _engine = new();

    public static TheoryData<string> Networks { get; } = [.. NetworkRegistry.Default.Names];

    public void Dispose() => _engine.Dispose();

    [Theory]
    [MemberData(nameof(Networks))]
    public void Steps_FormulaWeights_AreTorchvisions(string network) => ParityCheck.Run(network, _engine);
}
