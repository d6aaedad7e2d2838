namespace MLClassify.Imaging.Encoding;

/// <summary>How a JPEG file is written.</summary>
public sealed class JpegEncoderOptions
{
    /// <summary>The defaults.</summary>
    public static JpegEncoderOptions Default { get; } = new();

    /// <summary>Scale of the quantization tables as the Independent JPEG Group defined it. 1 (smallest file) to 100 (best image), default 90.</summary>
    public int Quality { get; init; } = 90;

    /// <summary>Resolution of the two color planes. Default <see cref="ChromaSubsampling.Ratio420"/>.</summary>
    public ChromaSubsampling Subsampling { get; init; } = ChromaSubsampling.Ratio420;

    /// <summary>Whether the Huffman codes fit this image (a few per cent smaller) or are those of ITU-T T.81 Annex K.3. Default true.</summary>
    public bool OptimizeHuffmanCodes { get; init; } = true;

    internal void Validate()
    {
        if (Quality is < 1 or > 100)
        {
            throw new ArgumentOutOfRangeException(nameof(Quality), Quality, "The JPEG quality ranges from 1 to 100.");
        }

        if (!Enum.IsDefined(Subsampling))
        {
            throw new ArgumentOutOfRangeException(nameof(Subsampling), Subsampling, "Unknown chroma subsampling.");
        }
    }
}
