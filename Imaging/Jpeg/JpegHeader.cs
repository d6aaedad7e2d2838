namespace MLClassify.Imaging.Jpeg;

/// <summary>What the segments before a scan have told: tables, restart interval, color space, orientation.</summary>
internal sealed class JpegHeader
{
    /// <summary>Quantization tables by index, row by row.</summary>
    public ushort[]?[] Quantization { get; } = new ushort[]?[4];

    public HuffmanTable?[] DcTables { get; } = new HuffmanTable?[4];

    public HuffmanTable?[] AcTables { get; } = new HuffmanTable?[4];

    public int RestartInterval { get; set; }

    public JpegFrame? Frame { get; set; }

    /// <summary>Whether a JFIF segment promises YCbCr or gray.</summary>
    public bool Jfif { get; set; }

    /// <summary>The transform byte of Adobe's APP14 segment; -1 without one.</summary>
    public int AdobeTransform { get; set; } = -1;

    /// <summary>The EXIF orientation, 1 to 8; 0 before any was found.</summary>
    public int Orientation { get; set; }

    /// <summary>
    /// The color space. A file says it by JFIF (always YCbCr), by Adobe's transform byte, or by components that are named R, G, B;
    /// four components are CMYK unless Adobe's byte says YCCK.
    /// </summary>
    public JpegColorSpace ColorSpace => Frame!.Components.Length switch
    {
        1 => JpegColorSpace.Gray,
        3 when Jfif => JpegColorSpace.YCbCr,
        3 when AdobeTransform >= 0 => AdobeTransform == 0 ? JpegColorSpace.Rgb : JpegColorSpace.YCbCr,
        3 => Frame.Components is [{ Id: (byte)'R' }, { Id: (byte)'G' }, { Id: (byte)'B' }] ? JpegColorSpace.Rgb : JpegColorSpace.YCbCr,
        _ => AdobeTransform > 0 ? JpegColorSpace.Ycck : JpegColorSpace.Cmyk,
    };
}
