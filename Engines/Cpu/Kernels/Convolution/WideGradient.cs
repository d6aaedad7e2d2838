using MLClassify.Engines.Cpu.Kernels.Convolution.Direct;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Engines.Cpu.Kernels.Convolution;

/// <summary>
/// The input's gradient of a linear layer with many weights and few samples, such as AlexNet's hidden ones. Exchanging the filters'
/// channels, as for other layers, would read and write more than the product itself does; here the weights take the place of the
/// positions and the output gradients that of the filters, and each weight is read once.
/// </summary>
internal static unsafe class WideGradient<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const int MostRows = 256;
    private const long FewestWeights = 1 << 18;

    /// <summary>Whether a layer is one of those.</summary>
    public static bool Suits(in ConvolutionGeometry g, in FilterLayout layout) =>
        g is { Taps: 1, Groups: 1, StrideY: 1, StrideX: 1, PaddingTop: 0, PaddingLeft: 0 }
        && g.Batch * g.OutputHeight * g.OutputWidth <= MostRows
        && layout.Outputs % layout.PanelWidth == 0
        && layout.Length >= FewestWeights;

    /// <summary>Computes the input's gradient.</summary>
    public static void Run(ThreadTeam team, Workspace workspace, in ConvolutionGeometry g, in FilterLayout layout, MapPointer dy, float* filters, MapPointer dx, bool accumulate)
    {
        int rows = g.Batch * g.OutputHeight * g.OutputWidth;
        FilterLayout gradients = FilterLayout.For<TSimd, TVector>(rows, layout.PanelWidth, layout.Panels, 1);
        float* packed = workspace.Take<float>(gradients.Length);
        for (int panel = 0; panel < gradients.Panels; panel++)
        {
            int first = panel * gradients.PanelWidth;
            int width = gradients.PanelVectors(panel) * TSimd.Width;
            var pack = new TransposeWork
            {
                Source = dy.Data + ((nint)first * dy.Stride),
                SourceStride = dy.Stride,
                Destination = packed + gradients.PanelOffset(panel),
                DestinationStride = width,
                Rows = Math.Min(width, rows - first),
                Columns = layout.Outputs,
            };
            team.Run(ref pack, pack.Items);
        }

        gradients.ClearPadding(packed);
        float* transposed = workspace.Take<float>((long)layout.Inputs * rows);
        var work = new GatherWork<TSimd, TVector>
        {
            Plan = GatherPlan.Panels(layout.Inputs, layout.Panels, workspace),
            Source = new GatherMap { Data = filters, Stride = layout.PanelWidth, Height = layout.Panels, Width = layout.Inputs },
            Destination = new GatherMap { Data = transposed, Stride = rows, Height = 1, Width = layout.Inputs },
            Layout = gradients,
            Filters = packed,
            Batch = 1,
        };
        ConvolutionKernels<TSimd, TVector>.Run(team, workspace, ref work);
        var back = new TransposeWork
        {
            Source = transposed,
            SourceStride = rows,
            Destination = dx.Data,
            DestinationStride = dx.Stride,
            Rows = layout.Inputs,
            Columns = rows,
            Accumulate = accumulate,
        };
        team.Run(ref back, back.Items);
    }
}
