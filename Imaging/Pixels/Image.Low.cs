namespace MLClassify.Imaging;

public sealed partial class Image
{
    /// <summary>
    /// The low bytes of an image of 16 bits a sample, of the same size; null of any other. <see cref="Pixels"/> are the high ones, which are
    /// nearly black where a camera of 10 or 12 bits wrote its values as they are.
    /// </summary>
    internal Image? Low { get; set; }

    /// <summary>The largest value of 16 bits; 0 of an image without <see cref="Low"/>.</summary>
    internal int LargestSample()
    {
        if (Low is null)
        {
            return 0;
        }

        Span<byte> high = Pixels;
        Span<byte> low = Low.Pixels;
        int largest = 0;
        for (int i = 0; i < high.Length; i++)
        {
            largest = Math.Max(largest, (high[i] << 8) | low[i]);
        }

        return largest;
    }

    /// <summary>The image with another value of 16 bits at full brightness; larger ones are clipped. Itself without <see cref="Low"/>.</summary>
    /// <param name="maximum">The value, 255 to 65,535; at the last the image stays as it is.</param>
    internal Image WithMaximum(int maximum)
    {
        if (Low is null || maximum == ushort.MaxValue)
        {
            return this;
        }

        var scaled = new Image(Width, Height);
        Span<byte> high = Pixels;
        Span<byte> low = Low.Pixels;
        Span<byte> target = scaled.Pixels;
        for (int i = 0; i < target.Length; i++)
        {
            int value = (high[i] << 8) | low[i];
            target[i] = (byte)Math.Min(((value * byte.MaxValue) + (maximum / 2)) / maximum, byte.MaxValue);
        }

        return scaled;
    }
}
