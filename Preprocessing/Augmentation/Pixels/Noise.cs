using MLClassify.Common;

namespace MLClassify.Preprocessing.Augmentation.Pixels;

/// <summary>Random bytes.</summary>
internal static class Noise
{
    /// <summary>Fills the bytes, eight a draw, the lowest first on every machine.</summary>
    public static void Fill(Span<byte> bytes, ref CounterRandom random)
    {
        for (int i = 0; i < bytes.Length; i += sizeof(ulong))
        {
            ulong bits = random.NextUInt64();
            for (int k = i; k < Math.Min(i + sizeof(ulong), bytes.Length); k++)
            {
                bytes[k] = (byte)bits;
                bits >>= 8;
            }
        }
    }
}
