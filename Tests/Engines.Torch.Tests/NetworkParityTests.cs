using MLClassify.Networks;
using MLClassify.Networks.Tests.Parity;
using MLClassify.Testing.Engines;

namespace MLClassify.Engines.Torch.Tests;

/// <summary>Holds every network to PyTorch in float64, as the processor's engine is.</summary>
[LibtorchRequirement]
public sealed class NetworkParityTests : IDisposable
{
    private readonly Lazy<TorchEngine> _engine = new(() => Libtorch.Create());

    public static TheoryData<string> Networks { get; } = [.. NetworkRegistry.Default.Names];

    public void Dispose()
    {
        if (_engine.IsValueCreated)
        {
            _engine.Value.Dispose();
        }
    }

    [EngineTheory]
    [MemberData(nameof(Networks))]
    public void Steps_FormulaWeights_AreTorchvisions(string network) => ParityCheck.Run(network, _engine.Value);
}
