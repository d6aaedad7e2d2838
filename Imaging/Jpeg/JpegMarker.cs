namespace MLClassify.Imaging.Jpeg;

/// <summary>The second byte of a marker (ITU-T T.81, table B.1).</summary>
internal static class JpegMarker
{
    public const byte ProgressiveFrame = 0xC2;
    public const byte HuffmanTables = 0xC4;
    public const byte ArithmeticConditioning = 0xCC;
    public const byte FirstRestart = 0xD0;
    public const byte LastRestart = 0xD7;
    public const byte StartOfImage = 0xD8;
    public const byte EndOfImage = 0xD9;
    public const byte StartOfScan = 0xDA;
    public const byte QuantizationTables = 0xDB;
    public const byte NumberOfLines = 0xDC;
    public const byte RestartInterval = 0xDD;
    public const byte App0 = 0xE0;
    public const byte App1 = 0xE1;
    public const byte App14 = 0xEE;
    public const byte Temporary = 0x01;

    public static bool IsRestart(byte marker) => marker is >= FirstRestart and <= LastRestart;

    /// <summary>Whether the marker begins a frame of any coding process (C0 to CF without DHT, JPG and DAC).</summary>
    public static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not HuffmanTables and not 0xC8 and not ArithmeticConditioning;

    /// <summary>Why a frame of this kind cannot be decoded, or null where it can.</summary>
    public static string? UnsupportedProcess(byte marker) => marker switch
    {
        0xC3 => "lossless coding (SOF3) is not supported",
        0xC5 => "hierarchical coding (differential sequential, SOF5) is not supported",
        0xC6 => "hierarchical coding (differential progressive, SOF6) is not supported",
        0xC7 => "hierarchical lossless coding (SOF7) is not supported",
        0xC9 => "arithmetic coding (sequential, SOF9) is not supported",
        0xCA => "arithmetic coding (progressive, SOF10) is not supported",
        0xCB => "lossless arithmetic coding (SOF11) is not supported",
        0xCD => "hierarchical arithmetic coding (differential sequential, SOF13) is not supported",
        0xCE => "hierarchical arithmetic coding (differential progressive, SOF14) is not supported",
        0xCF => "hierarchical lossless arithmetic coding (SOF15) is not supported",
        _ => null,
    };
}
