using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Kernels.Convolution.Direct;
using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Engines.Cpu.Kernels.Convolution;

/// <summary>Exchanges input and output channels of packed filters, as the input gradient needs them. An item is one tap of one group.</summary>
internal unsafe struct TransposeFilterWork : IParallelWork
{
    public FilterLayout From;
    public FilterLayout To;
    public float* Source;
    public float* Destination;
    public int VectorWidth;

    public readonly int Items => From.Taps * From.Groups * To.Panels;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int item, int worker)
    {
        int toPanel = item % To.Panels;
        int tap = item / To.Panels % From.Taps;
        int group = item / (To.Panels * From.Taps);
        int toWidth = To.PanelVectors(toPanel) * VectorWidth;
        int firstInput = toPanel * To.PanelWidth;
        int inputs = Math.Min(toWidth, To.Outputs - firstInput);
        float* to = Destination + (group * To.GroupLength) + To.PanelOffset(toPanel) + ((long)tap * To.Inputs * toWidth);
        for (int fromPanel = 0; fromPanel < From.Panels; fromPanel++)
        {
            int fromWidth = From.PanelVectors(fromPanel) * VectorWidth;
            int firstOutput = fromPanel * From.PanelWidth;
            int outputs = Math.Min(fromWidth, From.Outputs - firstOutput);
            float* from = Source + (group * From.GroupLength) + From.PanelOffset(fromPanel) + ((((long)tap * From.Inputs) + firstInput) * fromWidth);
            for (int output = 0; output < outputs; output++)
            {
                float* row = to + ((long)(firstOutput + output) * toWidth);
                for (int input = 0; input < inputs; input++)
                {
                    row[input] = from[((long)input * fromWidth) + output];
                }

                for (int input = inputs; input < toWidth; input++)
                {
                    row[input] = 0;
                }
            }
        }
    }
}
