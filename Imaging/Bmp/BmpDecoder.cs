namespace MLClassify.Imaging.Bmp;

/// <summary>Decodes Windows and OS/2 bitmaps.</summary>
internal static class BmpDecoder
{
    /// <summary>Decodes a file that begins with "BM".</summary>
    /// <param name="encoded">The whole file.</param>
    /// <param name="options">Limits; bitmaps have no EXIF orientation.</param>
    /// <exception cref="InvalidImageException">The file is damaged.</exception>
    /// <exception cref="UnsupportedImageException">The image is too large, or stored in a way that is not decoded here.</exception>
    public static Image Decode(ReadOnlySpan<byte> encoded, DecodeOptions options)
    {
        BmpHeader header = BmpHeader.Parse(encoded, options);
        byte[] colors = ReadColors(encoded, header);
        if (header.Compression is BmpCompression.Rle8 or BmpCompression.Rle4)
        {
            return DecodeRle(encoded, header, colors);
        }

        CheckDataSuffices(encoded, header);
        var image = new Image(header.Width, header.Height);
        for (int y = 0; y < header.Height; y++)
        {
            // The last row's padding may be missing.
            ReadOnlySpan<byte> row = encoded[(int)(header.PixelStart + (y * header.Stride))..];
            Span<byte> target = Target(image, header, y);
            if (header.BitCount <= 8)
            {
                BmpRows.WriteIndexed(row, header.BitCount, colors, target);
            }
            else if (header.BitCount > 16 && header.Masks == BmpMasks.Bytes)
            {
                BmpRows.WriteBytes(row, header.BitCount / 8, target);
            }
            else
            {
                BmpRows.WriteMasked(row, header.BitCount / 8, header.Masks, target);
            }
        }

        return image;
    }

    private static Image DecodeRle(ReadOnlySpan<byte> encoded, BmpHeader header, byte[] colors)
    {
        byte[] indices = new BmpRle(encoded, header).Decode();
        var image = new Image(header.Width, header.Height);
        for (int y = 0; y < header.Height; y++)
        {
            ColorTable.WriteRow(colors, indices.AsSpan(y * header.Width, header.Width), Target(image, header, y));
        }

        return image;
    }

    private static Span<byte> Target(Image image, BmpHeader header, int y) => image.Row(header.TopDown ? y : header.Height - 1 - y);

    private static byte[] ReadColors(ReadOnlySpan<byte> encoded, BmpHeader header)
    {
        var palette = new byte[header.PaletteEntries * 3];
        for (int i = 0; i < header.PaletteEntries; i++)
        {
            ReadOnlySpan<byte> entry = encoded[(header.PaletteStart + (i * header.PaletteEntryBytes))..];
            palette[i * 3] = entry[2];
            palette[(i * 3) + 1] = entry[1];
            palette[(i * 3) + 2] = entry[0];
        }

        return ColorTable.FromRgb(palette);
    }

    private static void CheckDataSuffices(ReadOnlySpan<byte> encoded, BmpHeader header)
    {
        long lastRow = (((long)header.Width * header.BitCount) + 7) / 8;
        long needed = ((header.Height - 1) * header.Stride) + lastRow;
        long found = encoded.Length - header.PixelStart;
        if (found < needed)
        {
            throw BmpErrors.Truncated(
                $"{header.Width} x {header.Height} pixels need {needed} bytes, but {found} are left in the file", header.PixelStart);
        }
    }
}
