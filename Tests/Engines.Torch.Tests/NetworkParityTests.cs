using MLClassify.Networks;
using MLClassify.Networks.Tests.Parity;
using MLClassify.Testing.Engines;

namespace MLClassify.Engines.Torch.Tests;

/// <summary>Holds every network to PyTorch in float64, as the processor's engine is.</summary>
[LibtorchRequirement]
public sealed class NetworkParityTests : IDisposable
{
    private readonly Lazy<TorchEngine> _engine = new(() => Libtorch.Create());

    // One of each family, small enough for every run; MLCLASSIFY_ALL_NETWORKS=1 takes all.
    private static readonly string[] Some = ["alexnet_half", "cifar_resnet20", "densenet121", "mobilenet_v2", "resnet18", "seresnet50", "squeezenet1_1", "vgg16_cifar"];

    public static TheoryData<string> Networks { get; } =
        [.. NetworkRegistry.Default.Names.Where(n => Environment.GetEnvironmentVariable("MLCLASSIFY_ALL_NETWORKS") == "1" || Some.Contains(n, StringComparer.Ordinal))];

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
