namespace MLClassify.Preprocessing.Augmentation.Pixels;

/// <summary>
/// Turns the hue of the HSV model (Smith, "Color gamut transform pairs", 1978) and keeps saturation and value, as torchvision's
/// <c>adjust_hue</c> does on tensors: in real numbers, not in Pillow's 256 hues.
/// </summary>
internal static class HueRotation
{
    private const float Sextants = 6;

    private static readonly float[] Reciprocals = [0, .. Enumerable.Range(1, 255).Select(i => 1f / i)];

    /// <summary>Turns every pixel's hue.</summary>
    /// <param name="pixels">Interleaved R, G, B.</param>
    /// <param name="turn">How far, as a share of the circle, -1 to 1.</param>
    public static void Apply(Span<byte> pixels, double turn)
    {
        // In 0..6, so that a hue of -1..5 stays within two subtractions of its range.
        float shift = (float)((turn - Math.Floor(turn)) * Sextants);
        for (int i = 0; i + 2 < pixels.Length; i += 3)
        {
            int red = pixels[i];
            int green = pixels[i + 1];
            int blue = pixels[i + 2];
            int value = Math.Max(red, Math.Max(green, blue));
            int chroma = value - Math.Min(red, Math.Min(green, blue));
            if (chroma == 0)
            {
                continue;
            }

            float scale = Reciprocals[chroma];
            float hue = value == red ? (green - blue) * scale
                : value == green ? ((blue - red) * scale) + 2
                : ((red - green) * scale) + 4;
            hue += shift;
            pixels[i] = Channel(value, chroma, hue + 5);
            pixels[i + 1] = Channel(value, chroma, hue + 3);
            pixels[i + 2] = Channel(value, chroma, hue + 1);
        }
    }

    // A channel is the value, less the chroma where the hue is far from it: k runs 0..6 around the circle.
    private static byte Channel(int value, int chroma, float k)
    {
        k -= k >= 2 * Sextants ? 2 * Sextants : k >= Sextants ? Sextants : 0;
        float away = Math.Clamp(Math.Min(k, 4 - k), 0f, 1f);
        return (byte)(value - (chroma * away) + 0.5f);
    }
}
