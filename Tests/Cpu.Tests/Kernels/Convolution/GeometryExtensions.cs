using MLClassify.Engines.Cpu.Kernels;

namespace MLClassify.Engines.Cpu.Tests.Convolution;

internal static class GeometryExtensions
{
    extension(ConvolutionGeometry geometry)
    {
        /// <summary>Positions of the output in the whole batch.</summary>
        public int OutputRows => geometry.Batch * geometry.OutputHeight * geometry.OutputWidth;

        /// <summary>Positions of the input in the whole batch.</summary>
        public int InputRows => geometry.Batch * geometry.InputHeight * geometry.InputWidth;
    }
}
