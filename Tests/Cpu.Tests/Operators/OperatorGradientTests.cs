using MLClassify.Engines.Cpu.Devices;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Tests.Support;
using MLClassify.Testing.Engines;

namespace MLClassify.Engines.Cpu.Tests.Operators;

/// <summary>The conformance suite's operators at every vector width, and the logits of the training pass, which the seam does not show.</summary>
public class OperatorGradientTests
{
    public static IEnumerable<string> Cases => OperatorCases.Names;

    [Theory]
    [LevelData(SimdLevel.Scalar, nameof(Cases))]
    [LevelData(SimdLevel.Vector128, nameof(Cases))]
    [LevelData(SimdLevel.Vector256, nameof(Cases))]
    [LevelData(SimdLevel.Vector512, nameof(Cases))]
    internal void Operator_RaggedShapes_MatchesCentralDifferences(SimdLevel level, string name)
    {
        const int batch = 3;
        OperatorCase c = OperatorCases.Get(name);
        using var engine = new CpuEngine(2, level);
        GradientCheck.Run(engine, c.Graph, batch, c.Smoothing, c.FreezeStatistics);
        using CpuDevice device = CpuDevice.Create(2, level);
        CpuNetworks.CheckLogits(device, c.Graph, batch, c.Smoothing, c.FreezeStatistics);
    }
}
