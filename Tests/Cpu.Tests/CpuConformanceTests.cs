using MLClassify.Testing.Engines;

namespace MLClassify.Engines.Cpu.Tests;

public sealed class CpuConformanceTests : EngineConformance
{
    protected override Engine CreateEngine() => new CpuEngine(2);
}
