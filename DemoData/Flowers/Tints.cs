using System.Numerics;
using MLClassify.DemoData.Painting;

namespace MLClassify.DemoData.Flowers;

/// <summary>Families of petal colors. Every kind of flower comes in several, and every family in several kinds.</summary>
internal enum Tint
{
    White,
    Yellow,
    Orange,
    Red,
    Pink,
    Purple,
    Blue,
}

internal static class Tints
{
    /// <summary>A color of the family, as linear reflectance.</summary>
    public static Vector3 Draw(Tint tint, PaintRandom random) => tint switch
    {
        Tint.White => FromHsv(random.Between(20, 75), random.Between(0.01f, 0.16f), random.Between(0.88f, 0.98f)),
        Tint.Yellow => FromHsv(random.Between(45, 57), random.Between(0.72f, 0.97f), random.Between(0.88f, 0.98f)),
        Tint.Orange => FromHsv(random.Between(20, 38), random.Between(0.8f, 0.97f), random.Between(0.85f, 0.97f)),
        Tint.Red => FromHsv(random.Between(-8, 13), random.Between(0.82f, 0.96f), random.Between(0.55f, 0.92f)),
        Tint.Pink => FromHsv(random.Between(318, 352), random.Between(0.3f, 0.72f), random.Between(0.82f, 0.97f)),
        Tint.Purple => FromHsv(random.Between(268, 302), random.Between(0.4f, 0.82f), random.Between(0.5f, 0.85f)),
        _ => FromHsv(random.Between(232, 262), random.Between(0.45f, 0.8f), random.Between(0.55f, 0.92f)),
    };

    /// <summary>A green of leaves and stalks, as linear reflectance.</summary>
    public static Vector3 Leaf(PaintRandom random) =>
        FromHsv(random.Between(72, 138), random.Between(0.35f, 0.8f), random.Between(0.28f, 0.68f));

    /// <summary>Hue in degrees, saturation and value of display colors, converted to linear light.</summary>
    public static Vector3 FromHsv(float hue, float saturation, float value)
    {
        return new Vector3(Channel(5), Channel(3), Channel(1));

        float Channel(float offset)
        {
            float k = (offset + ((hue + 360) / 60)) % 6;
            return MathF.Pow(value * (1 - (saturation * Math.Clamp(MathF.Min(k, 4 - k), 0, 1))), 2.2f);
        }
    }
}
