using System.Numerics;

namespace MLClassify.Imaging.Bmp;

/// <summary>A channel inside a pixel: its bits, stretched to 0..255 and cut to whole numbers as Pillow does.</summary>
internal readonly record struct BmpChannel
{
    private readonly int _shift;
    private readonly uint _largest;

    /// <param name="mask">One run of bits, or 0 for a channel that is absent and reads as 0.</param>
    public BmpChannel(uint mask)
    {
        _shift = mask == 0 ? 0 : BitOperations.TrailingZeroCount(mask);
        _largest = mask >> _shift;
    }

    public static bool IsContiguous(uint mask) =>
        mask == 0 || BitOperations.IsPow2((ulong)(mask >> BitOperations.TrailingZeroCount(mask)) + 1);

    public byte Extract(uint pixel)
    {
        uint value = (pixel >> _shift) & _largest;
        return _largest is 0 or 255 ? (byte)value : (byte)(value * 255UL / _largest);
    }
}
