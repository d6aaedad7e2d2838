namespace MLClassify.Preprocessing.Augmentation.Pixels;

/// <summary>
/// <c>base + factor (value - base)</c>, rounded and held in 0..255: the blend behind brightness, contrast, saturation and sharpness. Above 1
/// the factor takes the value away from the base.
/// </summary>
internal readonly struct ByteBlend
{
    private const int Bits = 16;

    // At most 11 * 65536, so that its product with a difference of bytes keeps within 28 bits.
    private readonly int _factor;

    public ByteBlend(double factor) => _factor = (int)Math.Round(factor * (1 << Bits));

    public byte Of(int value, int origin) => (byte)Math.Clamp(origin + (((_factor * (value - origin)) + (1 << (Bits - 1))) >> Bits), 0, 255);
}
