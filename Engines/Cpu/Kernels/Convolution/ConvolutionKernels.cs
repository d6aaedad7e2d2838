using MLClassify.Engines.Cpu.Kernels.Convolution.Direct;
using MLClassify.Engines.Cpu.Kernels.Convolution.Winograd;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Engines.Cpu.Kernels.Convolution;

/// <summary>
/// Convolution on <c>[N, H, W, C]</c> maps with packed filters (<see cref="FilterLayout"/>): direct, without an im2col copy, after the
/// indirect convolution of Dukhan 2019 (arXiv:1907.02129).
/// </summary>
/// <typeparam name="TSimd">The vector width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
internal static unsafe class ConvolutionKernels<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    // Below this many input channels a filter row is read as one run from a copy with the border written out.
    private const int FewChannels = 8;
    private const int ItemsPerWorker = 8;

    // What transforming the filters, or fetching transformed ones, takes; in tiles of Winograd's.
    private const double FilterTiles = 64;
    private const double PreparedFilterTiles = 28;

    /// <summary>The filters' order.</summary>
    /// <param name="geometry">Sizes.</param>
    public static FilterLayout Layout(in ConvolutionGeometry geometry) =>
        FilterLayout.For<TSimd, TVector>(geometry.OutputChannels, geometry.GroupInputs, geometry.Taps, geometry.Groups);

    /// <summary>Values that <see cref="Prepare"/> writes; 0 where the filters serve as they are.</summary>
    /// <param name="geometry">Sizes.</param>
    public static long PreparedLength(in ConvolutionGeometry geometry) =>
        SuitsWinograd(geometry, PreparedFilterTiles) ? WinogradKernels<TSimd, TVector, FourByThree>.TransformedLayout(geometry).Length : 0;

    /// <summary>Computes once what <see cref="Forward"/> would otherwise compute from the filters in every call.</summary>
    /// <param name="team">The threads that compute.</param>
    /// <param name="workspace">Scratch memory.</param>
    /// <param name="geometry">Sizes.</param>
    /// <param name="filters">Packed filters.</param>
    /// <param name="prepared">Receives <see cref="PreparedLength"/> values.</param>
    public static void Prepare(ThreadTeam team, Workspace workspace, in ConvolutionGeometry geometry, float* filters, float* prepared)
    {
        workspace.Reset();
        WinogradKernels<TSimd, TVector, FourByThree>.TransformFilters(team, workspace, geometry, filters, false, prepared);
    }

    /// <summary>Computes the output, <c>[N, OutputHeight, OutputWidth, OutputChannels]</c>.</summary>
    /// <param name="team">The threads that compute.</param>
    /// <param name="workspace">Scratch memory.</param>
    /// <param name="geometry">Sizes.</param>
    /// <param name="x">Input.</param>
    /// <param name="filters">Packed filters; not read where they are prepared.</param>
    /// <param name="epilogue">What happens to the sums.</param>
    /// <param name="y">Output; no other operand.</param>
    /// <param name="prepared">What <see cref="Prepare"/> wrote, or null.</param>
    public static void Forward(ThreadTeam team, Workspace workspace, in ConvolutionGeometry geometry, MapPointer x, float* filters, in ConvolutionEpilogue epilogue, MapPointer y, float* prepared = null)
    {
        workspace.Reset();
        if (geometry.IsDepthwise)
        {
            DepthwiseKernels<TSimd, TVector>.Forward(team, workspace, geometry, x, filters, epilogue, y);
            return;
        }

        if (prepared is not null || SuitsWinograd(geometry, FilterTiles))
        {
            if (prepared is null)
            {
                prepared = workspace.Take<float>(WinogradKernels<TSimd, TVector, FourByThree>.TransformedLayout(geometry).Length);
                WinogradKernels<TSimd, TVector, FourByThree>.TransformFilters(team, workspace, geometry, filters, false, prepared);
            }

            WinogradKernels<TSimd, TVector, FourByThree>.Forward(team, workspace, geometry, x, prepared, epilogue, y);
            return;
        }

        ConvolutionGeometry g = MergeFilterRows(team, workspace, geometry, ref x, out int positionStride);
        FilterLayout layout = Layout(g);
        var work = new GatherWork<TSimd, TVector>
        {
            Plan = GatherPlan.Forward(g, workspace),
            Source = new GatherMap { Data = x.Data, Stride = positionStride, Height = g.InputHeight, Width = g.InputWidth },
            Destination = new GatherMap { Data = y.Data, Stride = y.Stride, Height = g.OutputHeight, Width = g.OutputWidth },
            Residual = new GatherMap { Data = epilogue.Residual.Data, Stride = epilogue.Residual.Stride, Height = g.OutputHeight, Width = g.OutputWidth },
            Layout = layout,
            Filters = filters,
            Bias = epilogue.Bias,
            Batch = g.Batch,
            Rectify = epilogue.Rectify,
            Ceiling = epilogue.Ceiling,
            Stream = SuitsStreaming(y, (long)g.Batch * g.OutputHeight * g.OutputWidth * g.OutputChannels) && layout.Outputs % TSimd.Width == 0,
        };
        Run(team, workspace, ref work);
    }

    /// <summary>Computes the input's gradient, <c>[N, InputHeight, InputWidth, InputChannels]</c>.</summary>
    /// <param name="team">The threads that compute.</param>
    /// <param name="workspace">Scratch memory.</param>
    /// <param name="geometry">The forward convolution's sizes.</param>
    /// <param name="dy">The output's gradient.</param>
    /// <param name="filters">Packed filters.</param>
    /// <param name="dx">The input's gradient.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    public static void InputGradient(ThreadTeam team, Workspace workspace, in ConvolutionGeometry geometry, MapPointer dy, float* filters, MapPointer dx, bool accumulate)
    {
        workspace.Reset();
        if (geometry.IsDepthwise)
        {
            DepthwiseKernels<TSimd, TVector>.InputGradient(team, workspace, geometry, dy, filters, dx, accumulate);
            return;
        }

        ConvolutionGeometry g = geometry;
        if (WideGradient<TSimd, TVector>.Suits(g, Layout(g)))
        {
            WideGradient<TSimd, TVector>.Run(team, workspace, g, Layout(g), dy, filters, dx, accumulate);
            return;
        }

        FilterLayout layout = FilterLayout.For<TSimd, TVector>(g.InputChannels, g.GroupOutputs, g.Taps, g.Groups);
        float* transposed = workspace.Take<float>(layout.Length);
        var transpose = new TransposeFilterWork { From = Layout(g), To = layout, Source = filters, Destination = transposed, VectorWidth = TSimd.Width };
        team.Run(ref transpose, transpose.Items);
        if (SuitsWinograd(g, FilterTiles))
        {
            ConvolutionGeometry back = g with
            {
                InputHeight = g.OutputHeight,
                InputWidth = g.OutputWidth,
                InputChannels = g.OutputChannels,
                OutputHeight = g.InputHeight,
                OutputWidth = g.InputWidth,
                OutputChannels = g.InputChannels,
                PaddingTop = g.KernelHeight - 1 - g.PaddingTop,
                PaddingLeft = g.KernelWidth - 1 - g.PaddingLeft,
            };
            float* transformed = workspace.Take<float>(WinogradKernels<TSimd, TVector, FourByThree>.TransformedLayout(back).Length);
            WinogradKernels<TSimd, TVector, FourByThree>.TransformFilters(team, workspace, back, transposed, true, transformed);
            WinogradKernels<TSimd, TVector, FourByThree>.Forward(team, workspace, back, dy, transformed, new ConvolutionEpilogue { Residual = accumulate ? dx : default }, dx);
            return;
        }

        for (int phaseY = 0; phaseY < Math.Min(g.StrideY, g.InputHeight); phaseY++)
        {
            for (int phaseX = 0; phaseX < Math.Min(g.StrideX, g.InputWidth); phaseX++)
            {
                var work = new GatherWork<TSimd, TVector>
                {
                    Plan = GatherPlan.Backward(g, phaseY, phaseX, workspace),
                    Source = new GatherMap { Data = dy.Data, Stride = dy.Stride, Height = g.OutputHeight, Width = g.OutputWidth },
                    Destination = new GatherMap { Data = dx.Data, Stride = dx.Stride, Height = g.InputHeight, Width = g.InputWidth },
                    Layout = layout,
                    Filters = transposed,
                    Batch = g.Batch,
                    Accumulate = accumulate,
                    Stream = SuitsStreaming(dx, (long)g.Batch * g.InputHeight * g.InputWidth * g.InputChannels) && layout.Outputs % TSimd.Width == 0,
                };
                if (!accumulate || work.Plan.Taps > 0)
                {
                    Run(team, workspace, ref work);
                }
            }
        }
    }

    /// <summary>Computes the filters' gradient, packed as the filters are; written, not added.</summary>
    /// <param name="team">The threads that compute.</param>
    /// <param name="workspace">Scratch memory.</param>
    /// <param name="geometry">The forward convolution's sizes.</param>
    /// <param name="x">Input.</param>
    /// <param name="dy">The output's gradient, readable for a vector past its end.</param>
    /// <param name="gradient">The filters' gradient.</param>
    public static void FilterGradient(ThreadTeam team, Workspace workspace, in ConvolutionGeometry geometry, MapPointer x, MapPointer dy, float* gradient)
    {
        workspace.Reset();
        if (geometry.IsDepthwise)
        {
            DepthwiseKernels<TSimd, TVector>.FilterGradient(team, workspace, geometry, x, dy, gradient);
            return;
        }

        if (SuitsWinograd(geometry, FilterTiles))
        {
            WinogradKernels<TSimd, TVector, FourByThree>.FilterGradient(team, workspace, geometry, x, dy, gradient);
            return;
        }

        ConvolutionGeometry g = MergeFilterRows(team, workspace, geometry, ref x, out int positionStride);
        FilterLayout layout = Layout(g);
        var work = new FilterGradientWork<TSimd, TVector>
        {
            Plan = GatherPlan.Forward(g, workspace),
            Source = new GatherMap { Data = x.Data, Stride = positionStride, Height = g.InputHeight, Width = g.InputWidth },
            Gradients = dy.Data,
            GradientStride = dy.Stride,
            Layout = layout,
            Destination = gradient,
            ZeroRow = GatherTile<TSimd, TVector>.ZeroRow(workspace, g.GroupInputs),
            Batch = g.Batch,
        };
        work.ChooseItems();
        work.PointersPerWorker = FilterGradientWork<TSimd, TVector>.PointersNeeded(work.Plan.Taps);
        work.Pointers = workspace.TakePointers(work.PointersPerWorker * team.Size);
        work.Packed = workspace.Take<float>(FilterGradientWork<TSimd, TVector>.PackedPerWorker * team.Size);
        work.Partials = workspace.Take<float>((work.Slices - 1) * layout.Length);
        team.Run(ref work, work.Items);
        if (work.Slices > 1)
        {
            var sum = new SumPartialsWork<TSimd, TVector> { Destination = gradient, Partials = work.Partials, Count = work.Slices - 1, Length = layout.Length };
            team.Run(ref sum, sum.Items);
        }

        layout.ClearPadding(gradient);
    }

    private static bool SuitsStreaming(MapPointer map, long length) => CacheHint.SuitsStreaming(map.Data, map.Stride, length, TSimd.Width);

    // Products per pair of channels, in units of one: a tile takes 36 and its transforms' share, the filters as much as some tiles.
    private static bool SuitsWinograd(in ConvolutionGeometry g, double filterTiles)
    {
        if (g is not { KernelHeight: 3, KernelWidth: 3, StrideY: 1, StrideX: 1, Groups: 1, PaddingTop: <= 2, PaddingLeft: <= 2 }
            || g.InputChannels % TSimd.Width != 0
            || g.OutputChannels % TSimd.Width != 0)
        {
            return false;
        }

        const double transformShare = 14;
        double tiles = WinogradTiling.For(g.PlannedBatch, g.OutputHeight, g.OutputWidth, 4).Count;
        double direct = 9.0 * g.PlannedBatch * g.OutputHeight * g.OutputWidth;
        return direct > 36 * (filterTiles + (tiles * (1 + (transformShare / g.InputChannels) + (transformShare / g.OutputChannels))));
    }

    internal static void Run(ThreadTeam team, Workspace workspace, ref GatherWork<TSimd, TVector> work)
    {
        work.ZeroRow = GatherTile<TSimd, TVector>.ZeroRow(workspace, work.Layout.Inputs);
        work.DummyRow = GatherTile<TSimd, TVector>.ZeroRow(workspace, work.Layout.Outputs * work.Layout.Groups);
        work.PointersPerWorker = GatherWork<TSimd, TVector>.PointersNeeded(work.Plan.Taps);
        work.Pointers = workspace.TakePointers(work.PointersPerWorker * team.Size);
        work.EdgeTiles = workspace.Take<float>(GatherWork<TSimd, TVector>.EdgeTileLength * team.Size);
        work.ChooseItems(ItemsPerWorker * team.Size);
        team.Run(ref work, work.Items);
    }

    // With few input channels, a filter row's values follow each other in a copy of the input that has its border written out: the
    // convolution becomes one with a single filter column of (kernel width * channels) inputs. Packed filters have the same order.
    private static ConvolutionGeometry MergeFilterRows(ThreadTeam team, Workspace workspace, in ConvolutionGeometry g, ref MapPointer x, out int positionStride)
    {
        positionStride = x.Stride;
        if (g.InputChannels >= FewChannels || g.KernelWidth == 1 || g.Groups > 1)
        {
            return g;
        }

        int height = ((g.OutputHeight - 1) * g.StrideY) + g.KernelHeight;
        int width = ((g.OutputWidth - 1) * g.StrideX) + g.KernelWidth;
        float* padded = workspace.Take<float>((long)g.Batch * height * width * g.InputChannels);
        var pad = new PadRowsWork
        {
            Source = new GatherMap { Data = x.Data, Stride = x.Stride, Height = g.InputHeight, Width = g.InputWidth },
            Destination = padded,
            Channels = g.InputChannels,
            Height = height,
            Width = width,
            Top = g.PaddingTop,
            Left = g.PaddingLeft,
            Batch = g.Batch,
        };
        team.Run(ref pad, pad.Items);
        positionStride = g.InputChannels;
        x = new MapPointer(padded, positionStride);
        return g with
        {
            InputHeight = height,
            InputWidth = width,
            InputChannels = g.InputChannels * g.KernelWidth,
            KernelWidth = 1,
            PaddingTop = 0,
            PaddingLeft = 0,
        };
    }
}
