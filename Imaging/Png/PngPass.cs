namespace MLClassify.Imaging.Png;

/// <summary>
/// One of Adam7's seven reduced images (PNG, third edition, section 8.2), or the whole image when it is not interlaced.
/// </summary>
internal readonly record struct PngPass(int StartX, int StartY, int StepX, int StepY, int Width, int Height)
{
    private static readonly (int StartX, int StartY, int StepX, int StepY)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>The passes in file order, without those that have no pixel.</summary>
    public static PngPass[] Of(PngHeader header)
    {
        if (!header.Interlaced)
        {
            return [new PngPass(0, 0, 1, 1, header.Width, header.Height)];
        }

        return Adam7
            .Select(p => (Pass: p, Width: Count(header.Width, p.StartX, p.StepX), Height: Count(header.Height, p.StartY, p.StepY)))
            .Select(p => new PngPass(p.Pass.StartX, p.Pass.StartY, p.Pass.StepX, p.Pass.StepY, p.Width, p.Height))
            .Where(p => p.Width > 0 && p.Height > 0)
            .ToArray();
    }

    /// <summary>Bytes of the pass before compression, filter bytes included.</summary>
    public long Bytes(PngHeader header) => Height * (1 + header.RowBytes(Width));

    private static int Count(int side, int start, int step) => (int)(((long)side - start + step - 1) / step);
}
