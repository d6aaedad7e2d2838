using MLClassify.Imaging.Exif;

namespace MLClassify.Imaging.Jpeg;

/// <summary>Decodes JPEG files (ITU-T T.81): sequential and progressive Huffman coding with 8-bit samples.</summary>
internal static class JpegDecoder
{
    // Spare bytes for images that leave most of their coefficients out; see RequirePlausibleLength.
    private const long UncheckedLength = 1 << 16;

    // How often progressive scans may visit a block on average. Encoders write about ten scans, most of them over one component.
    private const long VisitsPerBlock = 40;
    private const long FreeVisits = 1 << 20;

    /// <summary>Decodes a file.</summary>
    /// <param name="encoded">The whole file.</param>
    /// <param name="options">Limits and orientation.</param>
    /// <exception cref="InvalidImageException">The file is damaged, truncated or larger than the limit.</exception>
    /// <exception cref="UnsupportedImageException">
    /// Arithmetic, lossless or hierarchical coding, 12-bit samples, or a number of components other than 1, 3, 4.
    /// </exception>
    public static Image Decode(ReadOnlySpan<byte> encoded, DecodeOptions options)
    {
        JpegReader reader = new(encoded, options);
        ScanHeader? scan = reader.ReadToScan();
        if (scan is null)
        {
            JpegErrors.ThrowInvalid($"the image ends before its first scan", reader.Position);
        }

        JpegFrame frame = reader.Header.Frame!;
        RequirePlausibleLength(frame, encoded.Length - scan.DataOffset, scan.DataOffset);
        Image image = !frame.Progressive && scan.Components.Length == frame.Components.Length
            ? DecodeSingleScan(encoded, ref reader, scan, options.LendsPixels)
            : DecodeScans(encoded, ref reader, scan, options.LendsPixels);
        int orientation = options.ApplyOrientation ? reader.Header.Orientation : 0;
        return orientation == 0 ? image : OrientationTransform.Apply(image, orientation);
    }

    /// <summary>One scan with everything in it: a row of MCUs at a time goes all the way to pixels.</summary>
    private static Image DecodeSingleScan(ReadOnlySpan<byte> encoded, ref JpegReader reader, ScanHeader scan, bool lendsPixels)
    {
        JpegFrame frame = reader.Header.Frame!;
        CoefficientGrid[] grids = Array.ConvertAll(frame.Components, component => new CoefficientGrid(component.PaddedBlocksWide, component.V));
        BaselineScan decoder = new(encoded, frame, scan);
        try
        {
            using ImageRenderer renderer = new(frame, reader.Header.ColorSpace, lendsPixels);
            for (int row = 0; row < frame.McusHigh; row++)
            {
                if (row > 0)
                {
                    Array.ForEach(grids, grid => grid.Clear());
                }

                decoder.DecodeRow(grids, 0);
                renderer.Render(row, grids, 0);
            }

            reader.Position = decoder.Position;
            reader.SkipToEnd();
            return renderer.ToImage();
        }
        finally
        {
            decoder.Dispose();
            Array.ForEach(grids, grid => grid.Dispose());
        }
    }

    /// <summary>Several scans: all coefficients first, then pixels.</summary>
    private static Image DecodeScans(ReadOnlySpan<byte> encoded, ref JpegReader reader, ScanHeader first, bool lendsPixels)
    {
        JpegFrame frame = reader.Header.Frame!;
        JpegColorSpace colorSpace = reader.Header.ColorSpace;
        CoefficientGrid[] grids = Array.ConvertAll(
            frame.Components, component => new CoefficientGrid(component.PaddedBlocksWide, component.PaddedBlocksHigh));
        try
        {
            long visits = (VisitsPerBlock * frame.TotalBlocks) + FreeVisits;
            for (ScanHeader? scan = first; scan is not null; scan = reader.ReadToScan())
            {
                visits -= scan.Components.Sum(part => (long)part.Component.PaddedBlocksWide * part.Component.PaddedBlocksHigh);
                if (visits < 0)
                {
                    JpegErrors.ThrowInvalid($"more scans than any encoder writes for an image of {frame.Width} x {frame.Height} pixels", scan.DataOffset);
                }

                reader.Position = DecodeScan(encoded, frame, scan, grids);
            }

            if (Array.Find(frame.Components, component => component.Quantization is null) is JpegComponent missing)
            {
                JpegErrors.ThrowInvalid($"the image ends without any scan of component {missing.Index}", reader.Position);
            }

            using ImageRenderer renderer = new(frame, colorSpace, lendsPixels);
            for (int row = 0; row < frame.McusHigh; row++)
            {
                renderer.Render(row, grids, row);
            }

            return renderer.ToImage();
        }
        finally
        {
            Array.ForEach(grids, grid => grid.Dispose());
        }
    }

    private static int DecodeScan(ReadOnlySpan<byte> encoded, JpegFrame frame, ScanHeader scan, CoefficientGrid[] grids)
    {
        if (frame.Progressive)
        {
            using ProgressiveScan progressive = new(encoded, frame, scan, grids);
            progressive.Decode();
            return progressive.Position;
        }

        using BaselineScan sequential = new(encoded, frame, scan);
        for (int row = 0; row < sequential.McusHigh; row++)
        {
            sequential.DecodeRow(grids, row);
        }

        return sequential.Position;
    }

    /// <summary>
    /// Refuses a size that the file cannot hold before memory of that size is taken: every block of an image costs a bit or more,
    /// be it only for its average.
    /// </summary>
    private static void RequirePlausibleLength(JpegFrame frame, long length, long offset)
    {
        long blocks = frame.Components.Sum(component => (long)component.BlocksWide * component.BlocksHigh);
        if (blocks > 8 * (length + UncheckedLength))
        {
            JpegErrors.ThrowTooShort(
                $"{length} bytes follow, too few for {frame.Width} x {frame.Height} pixels; the file is truncated or its size wrong", offset);
        }
    }
}
