using System.Numerics;
using MLClassify.DemoData.Painting;

namespace MLClassify.DemoData.Flowers;

/// <summary>One color, a little mottled.</summary>
internal sealed class PlainMaterial(Vector3 color, Noise noise, float mottle = 0.12f) : Material
{
    public override Vector3 Albedo(float u, float v) => color * (1 + (mottle * noise.At(u * 9, v * 5)));
}

/// <summary>A leaf: a pale midrib, side veins, mottled.</summary>
internal sealed class LeafMaterial(Vector3 color, Noise noise, float veins) : Material
{
    public override Vector3 Albedo(float u, float v)
    {
        float across = MathF.Abs(v);
        float rib = MathF.Exp(-across * across * 180);
        float vein = MathF.Max(0, MathF.Cos(((u * 9) - (across * 2.2f)) * 2 * MathF.PI) - 0.6f);
        float bright = 1 + (veins * (rib + (0.5f * vein))) + (0.18f * noise.At(u * 8, v * 4));
        return color * bright;
    }
}

/// <summary>A petal: two colors from base to tip, fine lines along it, an edge, a blotch at the base.</summary>
internal sealed class PetalMaterial(Vector3 baseColor, Vector3 tipColor, Noise noise) : Material
{
    /// <summary>Strength of the lines along the petal.</summary>
    public float Lines { get; init; } = 0.06f;

    /// <summary>Color along the outline.</summary>
    public Vector3 EdgeColor { get; init; }

    /// <summary>How much of <see cref="EdgeColor"/> shows, 0 to 1.</summary>
    public float Edge { get; init; }

    /// <summary>Color of the blotch at the base.</summary>
    public Vector3 BlotchColor { get; init; }

    /// <summary>How far the blotch reaches, as a share of the length.</summary>
    public float Blotch { get; init; }

    /// <summary>Whether the blotch frays into rays, as on a pansy's face.</summary>
    public bool Rays { get; init; }

    public override Vector3 Albedo(float u, float v)
    {
        float blend = Math.Clamp((u * 1.25f) - 0.1f + (0.15f * noise.At(u * 3, v * 3)), 0, 1);
        Vector3 color = Vector3.Lerp(baseColor, tipColor, blend);
        float streak = noise.At(v * 11, u * 1.5f);
        color *= 1 + (Lines * streak) + (0.05f * noise.At(u * 6, v * 6));
        if (Edge > 0)
        {
            float rim = MathF.Max(MathF.Abs(v), u);
            color = Vector3.Lerp(color, EdgeColor, Edge * Step(0.72f, 0.98f, rim + (0.1f * streak)));
        }

        if (Blotch > 0)
        {
            float reach = Rays
                ? Blotch * (0.55f + (0.45f * MathF.Abs(MathF.Cos(v * 9)))) * (1 - (0.35f * v * v))
                : Blotch * (1 - (0.4f * v * v)) * (1 + (0.25f * noise.At(v * 4, 3)));
            color = Vector3.Lerp(BlotchColor, color, Step(0.75f * reach, 1.15f * reach, u));
        }

        return color;
    }

    private static float Step(float low, float high, float value)
    {
        float t = Math.Clamp((value - low) / (high - low), 0, 1);
        return t * t * (3 - (2 * t));
    }
}

/// <summary>The florets of a composite flower, in two families of spirals; u from the center to the rim.</summary>
internal sealed class FloretMaterial(Vector3 centerColor, Vector3 rimColor, Noise noise, int spirals, float contrast) : Material
{
    /// <summary>Where the rim's color takes over.</summary>
    public float Boundary { get; init; } = 0.55f;

    public override Vector3 Albedo(float u, float v)
    {
        float angle = v * MathF.PI;
        float turn = 7 * MathF.Sqrt(u);
        float pattern = MathF.Cos((spirals * angle) + (turn * 2)) * MathF.Cos((spirals * 1.5f * angle) - (turn * 3));
        float blend = Math.Clamp(((u - Boundary) * 4) + 0.5f + (0.5f * noise.At(u * 6, v * 5)), 0, 1);
        return Vector3.Lerp(centerColor, rimColor, blend) * (1 + (contrast * pattern) + (0.25f * noise.At(u * 14, v * 11)));
    }
}
