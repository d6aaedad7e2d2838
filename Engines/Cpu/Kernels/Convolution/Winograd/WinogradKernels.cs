using MLClassify.Engines.Cpu.Kernels.Convolution.Direct;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Engines.Cpu.Kernels.Convolution.Winograd;

/// <summary>The three convolutions of training by Winograd's minimal filtering, on maps and packed filters as the direct kernels take them.</summary>
internal static unsafe class WinogradKernels<TSimd, TVector, TRule>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
    where TRule : struct, IWinogradRule
{
    private const int Products = WinogradTransforms<TSimd, TVector, TRule>.Products;

    // Transformed inputs and gradients of a run of tiles: few enough for the shared cache.
    private const long RunValues = 1 << 20;

    /// <summary>The order of transformed filters.</summary>
    public static WinogradFilterLayout TransformedLayout(in ConvolutionGeometry g) =>
        new(FilterLayout.For<TSimd, TVector>(g.OutputChannels, g.InputChannels, g.Taps, 1), TSimd.Width);

    /// <summary>Transforms filters for <see cref="Forward"/>.</summary>
    public static void TransformFilters(ThreadTeam team, Workspace workspace, in ConvolutionGeometry g, float* filters, bool flip, float* transformed)
    {
        var work = new WinogradFilterWork<TSimd, TVector, TRule>
        {
            Layout = TransformedLayout(g),
            Filters = filters,
            Transformed = transformed,
            Flip = flip,
            Scratch = workspace.Take<float>((long)Products * TSimd.Width * team.Size),
        };
        team.Run(ref work, work.Items);
    }

    /// <summary>Computes the output from transformed filters.</summary>
    public static void Forward(ThreadTeam team, Workspace workspace, in ConvolutionGeometry g, MapPointer x, float* transformed, in ConvolutionEpilogue epilogue, MapPointer y)
    {
        var work = new WinogradForwardWork<TSimd, TVector, TRule>
        {
            Tiling = WinogradTiling.For(g.Batch, g.OutputHeight, g.OutputWidth, TRule.Outputs),
            Source = new GatherMap { Data = x.Data, Stride = x.Stride, Height = g.InputHeight, Width = g.InputWidth },
            Destination = new GatherMap { Data = y.Data, Stride = y.Stride, Height = g.OutputHeight, Width = g.OutputWidth },
            Residual = new GatherMap { Data = epilogue.Residual.Data, Stride = epilogue.Residual.Stride, Height = g.OutputHeight, Width = g.OutputWidth },
            FilterLayout = TransformedLayout(g),
            Filters = transformed,
            Bias = epilogue.Bias,
            Rectify = epilogue.Rectify,
            Ceiling = epilogue.Ceiling,
            Streaming = CacheHint.SuitsStreaming(y.Data, y.Stride, (long)g.Batch * g.OutputHeight * g.OutputWidth * g.OutputChannels, TSimd.Width),
            PaddingTop = g.PaddingTop,
            PaddingLeft = g.PaddingLeft,
            ZeroRow = GatherTile<TSimd, TVector>.ZeroRow(workspace, g.InputChannels),
            DummyRow = GatherTile<TSimd, TVector>.ZeroRow(workspace, g.OutputChannels),
        };
        ChooseItems(ref work, team.Size);
        work.Scratch = workspace.Take<float>(work.ScratchPerWorker * team.Size);
        work.Pointers = workspace.TakePointers(WinogradForwardWork<TSimd, TVector, TRule>.PointersPerWorker(work.ChunkTiles) * team.Size);
        team.Run(ref work, work.Items);
    }

    /// <summary>Computes the filters' gradient, packed as the filters are.</summary>
    public static void FilterGradient(ThreadTeam team, Workspace workspace, in ConvolutionGeometry g, MapPointer x, MapPointer dy, float* gradient)
    {
        WinogradFilterLayout layout = TransformedLayout(g);
        WinogradTiling tiling = WinogradTiling.For(g.Batch, g.OutputHeight, g.OutputWidth, TRule.Outputs);
        int run = (int)Math.Clamp(RunValues / (Products * (g.InputChannels + g.OutputChannels)), 128, tiling.Count < 128 ? 128 : tiling.Count);
        run = Math.Min(run, tiling.Count);
        var transform = new WinogradTransformWork<TSimd, TVector, TRule>
        {
            Tiling = tiling,
            Inputs = new GatherMap { Data = x.Data, Stride = x.Stride, Height = g.InputHeight, Width = g.InputWidth },
            Gradients = new GatherMap { Data = dy.Data, Stride = dy.Stride, Height = g.OutputHeight, Width = g.OutputWidth },
            InputChannels = g.InputChannels,
            OutputChannels = g.OutputChannels,
            InputStride = ((nint)run * g.InputChannels) + WinogradFilterLayout.Padding,
            GradientStride = ((nint)run * g.OutputChannels) + WinogradFilterLayout.Padding,
            ZeroRow = GatherTile<TSimd, TVector>.ZeroRow(workspace, Math.Max(g.InputChannels, g.OutputChannels)),
            Scratch = workspace.Take<float>((long)Products * TSimd.Width * team.Size),
            Pointers = workspace.TakePointers((long)WinogradTransformWork<TSimd, TVector, TRule>.PointersPerWorker * team.Size),
            PaddingTop = g.PaddingTop,
            PaddingLeft = g.PaddingLeft,
        };
        transform.TransformedInputs = workspace.Take<float>(Products * (long)transform.InputStride);
        transform.TransformedGradients = workspace.Take<float>(Products * (long)transform.GradientStride);
        var multiply = new WinogradFilterGradientWork<TSimd, TVector>
        {
            FilterLayout = layout,
            Inputs = transform.TransformedInputs,
            Gradients = transform.TransformedGradients,
            InputStride = transform.InputStride,
            GradientStride = transform.GradientStride,
            Destination = workspace.Take<float>(layout.Length),
            Pointers = workspace.TakePointers((long)WinogradFilterGradientWork<TSimd, TVector>.PointersPerWorker * team.Size),
        };
        for (int first = 0; first < tiling.Count; first += run)
        {
            transform.First = first;
            transform.Count = Math.Min(run, tiling.Count - first);
            team.Run(ref transform, transform.Items);
            multiply.Count = transform.Count;
            multiply.Accumulate = first > 0;
            team.Run(ref multiply, multiply.Items);
        }

        var back = new WinogradFilterWork<TSimd, TVector, TRule>
        {
            Layout = layout,
            Filters = gradient,
            Transformed = multiply.Destination,
            Gradient = true,
            Scratch = transform.Scratch,
        };
        team.Run(ref back, back.Items);
    }

    // Chunks small enough that transformed inputs and a panel's products stay in the second-level cache; large enough that filters that
    // do not fit there are not read too often.
    private static void ChooseItems(ref WinogradForwardWork<TSimd, TVector, TRule> work, int workers)
    {
        const int rows = GatherTile<TSimd, TVector>.Rows;
        int channels = work.FilterLayout.Filters.Inputs;
        int wanted = channels <= 64 ? 24 : channels <= 128 ? 36 : 66;
        int share = (work.Tiling.Count + workers - 1) / workers;
        int chunks = Math.Max(1, (share + wanted - 1) / wanted) * workers;
        int tiles = (work.Tiling.Count + chunks - 1) / chunks;
        work.ChunkTiles = Math.Max(rows, (tiles + rows - 1) / rows * rows);
    }
}
