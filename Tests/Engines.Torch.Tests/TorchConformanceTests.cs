using MLClassify.Testing.Engines;

namespace MLClassify.Engines.Torch.Tests;

[LibtorchRequirement]
public sealed class TorchConformanceTests : EngineConformance
{
    internal override Engine CreateEngine() => Libtorch.Create();
}
