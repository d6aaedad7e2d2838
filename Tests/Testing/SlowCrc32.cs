namespace MLClassify.Testing;

/// <summary>The checksum of PNG's chunks by its definition, a bit at a time (PNG, third edition, section 5.5).</summary>
public static class SlowCrc32
{
    /// <summary>Computes a checksum.</summary>
    /// <param name="bytes">A chunk's type and data.</param>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int i = 0; i < 8; i++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }
}
