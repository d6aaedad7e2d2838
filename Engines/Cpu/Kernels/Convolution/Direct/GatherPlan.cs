namespace MLClassify.Engines.Cpu.Kernels.Convolution.Direct;

/// <summary>
/// How destinations find their sources: destination <c>(originY + stepY a, originX + stepX b)</c> of the grid reads, for each tap, source
/// <c>(sourceStepY a + tapY, sourceStepX b + tapX)</c>. A forward convolution is one such plan; the input gradient of a strided one is
/// one for each phase of the stride, each a dense convolution of its own.
/// </summary>
internal unsafe struct GatherPlan
{
    public int GridHeight;
    public int GridWidth;
    public int OriginY;
    public int OriginX;
    public int StepY;
    public int StepX;
    public int SourceStepY;
    public int SourceStepX;
    public int Taps;
    public int* TapY;
    public int* TapX;
    public int* FilterTap;

    public static GatherPlan Forward(in ConvolutionGeometry g, Workspace workspace)
    {
        GatherPlan plan = Allocate(workspace, g.Taps);
        plan.GridHeight = g.OutputHeight;
        plan.GridWidth = g.OutputWidth;
        plan.StepY = 1;
        plan.StepX = 1;
        plan.SourceStepY = g.StrideY;
        plan.SourceStepX = g.StrideX;
        for (int ky = 0; ky < g.KernelHeight; ky++)
        {
            for (int kx = 0; kx < g.KernelWidth; kx++)
            {
                plan.AddTap(ky - g.PaddingTop, kx - g.PaddingLeft, (ky * g.KernelWidth) + kx);
            }
        }

        return plan;
    }

    public static GatherPlan Backward(in ConvolutionGeometry g, int phaseY, int phaseX, Workspace workspace)
    {
        GatherPlan plan = Allocate(workspace, g.Taps);
        plan.OriginY = phaseY;
        plan.OriginX = phaseX;
        plan.StepY = g.StrideY;
        plan.StepX = g.StrideX;
        plan.SourceStepY = 1;
        plan.SourceStepX = 1;
        plan.GridHeight = (g.InputHeight - phaseY + g.StrideY - 1) / g.StrideY;
        plan.GridWidth = (g.InputWidth - phaseX + g.StrideX - 1) / g.StrideX;
        for (int ky = 0; ky < g.KernelHeight; ky++)
        {
            for (int kx = 0; kx < g.KernelWidth; kx++)
            {
                int y = phaseY + g.PaddingTop - ky;
                int x = phaseX + g.PaddingLeft - kx;
                if (y % g.StrideY == 0 && x % g.StrideX == 0)
                {
                    plan.AddTap(y / g.StrideY, x / g.StrideX, (ky * g.KernelWidth) + kx);
                }
            }
        }

        return plan;
    }

    /// <summary>Each of a row of positions reads the same place of every panel.</summary>
    public static GatherPlan Panels(int positions, int panels, Workspace workspace)
    {
        GatherPlan plan = Allocate(workspace, panels);
        plan.GridHeight = 1;
        plan.GridWidth = positions;
        plan.StepY = 1;
        plan.StepX = 1;
        plan.SourceStepY = 1;
        plan.SourceStepX = 1;
        for (int panel = 0; panel < panels; panel++)
        {
            plan.AddTap(panel, 0, panel);
        }

        return plan;
    }

    private static GatherPlan Allocate(Workspace workspace, int taps) => new()
    {
        TapY = workspace.Take<int>(taps),
        TapX = workspace.Take<int>(taps),
        FilterTap = workspace.Take<int>(taps),
    };

    private void AddTap(int y, int x, int filterTap)
    {
        TapY[Taps] = y;
        TapX[Taps] = x;
        FilterTap[Taps] = filterTap;
        Taps++;
    }
}
