using MLClassify.Testing.Engines;

namespace MLClassify.Engines.Cpu.Tests;

public sealed class CpuConformanceTests : EngineConformance
{
    internal override Engine CreateEngine() => new CpuEngine(2);
}
