using MLClassify.Engines.Cpu.Kernels.Elementwise;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Tests.Support;

namespace MLClassify.Engines.Cpu.Tests.Elementwise;

public class SigmoidKernelsTests
{
    [Fact]
    public void Forward_WholeRange_MatchesFormulaAndSaturates()
    {
        using var kernels = KernelSet.At(SimdLevel.Scalar, 3);
        using var x = new Map(201, 47, 3);
        x.Fill((row, _) => (row - 100) * 1.3f);
        using var y = new Map(201, 47, 2);

        SigmoidKernels.Forward(kernels.Team, x.Rows, x.Channels, x.Pointer, y.Pointer);

        // The vectorized exponential is good to a few units in the last place.
        Close.Assert([.. x.ToArray().Select(v => 1 / (1 + Math.Exp(-v)))], y.ToArray(), Close.OfSum(1, 4), "output");
        Assert.Equal(1, y[200, 46]);
        y.AssertSurroundingsUntouched();
    }
}
