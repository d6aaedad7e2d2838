namespace MLClassify.Imaging.Png;

/// <summary>
/// Turns unfiltered rows into RGB as Pillow's <c>convert("RGB")</c> does: alpha and transparency are dropped, smaller grayscale is
/// stretched to 0..255, 16-bit samples give their high byte (also in grayscale, where Pillow clips instead).
/// </summary>
internal sealed class PngPixels
{
    private readonly PngHeader _header;
    private readonly byte[] _colors;

    public PngPixels(PngHeader header, ReadOnlySpan<byte> palette)
    {
        _header = header;
        _colors = header.ColorType == PngColorType.Indexed ? ColorTable.FromRgb(palette) : ColorTable.Gray(Math.Min(header.BitDepth, 8));
    }

    /// <summary>Writes one row of a pass into its image row, and the low bytes of 16-bit samples into another.</summary>
    /// <param name="row">The unfiltered bytes.</param>
    /// <param name="pass">Says which pixels of the image row these are.</param>
    /// <param name="target">The image row, <c>[Width, 3]</c>.</param>
    /// <param name="low">The same of the low bytes.</param>
    public void Write(ReadOnlySpan<byte> row, PngPass pass, Span<byte> target, Span<byte> low)
    {
        Write(row, pass, target);

        // A sample's low byte follows its high one.
        Write(row[1..], pass, low);
    }

    /// <summary>Writes one row of a pass into its image row.</summary>
    /// <param name="row">The unfiltered bytes.</param>
    /// <param name="pass">Says which pixels of the image row these are.</param>
    /// <param name="target">The image row, <c>[Width, 3]</c>.</param>
    public void Write(ReadOnlySpan<byte> row, PngPass pass, Span<byte> target)
    {
        target = target[(pass.StartX * 3)..];
        int targetStep = pass.StepX * 3;
        int sampleBytes = _header.BitDepth / 8;
        if (sampleBytes == 0)
        {
            WritePacked(row, _header.BitDepth, pass.Width, target, targetStep);
        }
        else if (_header.Channels < 3)
        {
            WriteLookedUp(row, _header.Channels * sampleBytes, pass.Width, target, targetStep);
        }
        else if (_header is { BitDepth: 8, Channels: 3 } && pass.StepX == 1)
        {
            row.CopyTo(target);
        }
        else
        {
            WriteRgb(row, sampleBytes, _header.Channels * sampleBytes, pass.Width, target, targetStep);
        }
    }

    private static void WriteRgb(ReadOnlySpan<byte> row, int sampleBytes, int rowStep, int count, Span<byte> target, int targetStep)
    {
        for (int x = 0, from = 0, to = 0; x < count; x++, from += rowStep, to += targetStep)
        {
            target[to + 2] = row[from + (2 * sampleBytes)];
            target[to + 1] = row[from + sampleBytes];
            target[to] = row[from];
        }
    }

    private void WriteLookedUp(ReadOnlySpan<byte> row, int rowStep, int count, Span<byte> target, int targetStep)
    {
        for (int x = 0, from = 0, to = 0; x < count; x++, from += rowStep, to += targetStep)
        {
            ColorTable.Write(_colors, row[from], target[to..]);
        }
    }

    private void WritePacked(ReadOnlySpan<byte> row, int depth, int count, Span<byte> target, int targetStep)
    {
        int mask = (1 << depth) - 1;
        for (int x = 0, bit = 0, to = 0; x < count; x++, bit += depth, to += targetStep)
        {
            int index = (row[bit >> 3] >> (8 - depth - (bit & 7))) & mask;
            ColorTable.Write(_colors, index, target[to..]);
        }
    }
}
