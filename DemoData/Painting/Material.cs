using System.Numerics;

namespace MLClassify.DemoData.Painting;

/// <summary>What a surface looks like under white light.</summary>
internal abstract class Material
{
    /// <summary>Share of the light that passes through when the sun stands behind.</summary>
    public float Translucency { get; init; }

    /// <summary>Strength of the highlight.</summary>
    public float Gloss { get; init; }

    /// <summary>Reflected share of red, green and blue.</summary>
    /// <param name="u">Position along the surface, 0 at the base to 1 at the tip.</param>
    /// <param name="v">Position across, -1 to 1.</param>
    public abstract Vector3 Albedo(float u, float v);
}
