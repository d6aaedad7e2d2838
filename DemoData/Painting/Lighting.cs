using System.Numerics;

namespace MLClassify.DemoData.Painting;

/// <summary>A sun and a sky; everything in linear light.</summary>
internal sealed class Lighting
{
    /// <summary>Towards the sun, unit length; x right, y up, z to the viewer.</summary>
    public required Vector3 SunDirection { get; init; }

    public required Vector3 SunColor { get; init; }

    public required Vector3 SkyColor { get; init; }

    /// <summary>Light that the ground throws back.</summary>
    public required Vector3 GroundColor { get; init; }

    /// <summary>Anything from noon to a dull day, from any side but far behind the subject.</summary>
    public static Lighting Random(PaintRandom random)
    {
        float azimuth = random.Between(0, 2 * MathF.PI);
        float front = random.Between(-0.15f, 0.9f);
        float side = MathF.Sqrt(1 - (front * front));
        var direction = new Vector3(side * MathF.Cos(azimuth), (0.35f + MathF.Abs(side * MathF.Sin(azimuth))) * 0.9f, front);
        float sunShare = random.Between(0.15f, 0.8f);
        float warmth = random.Between(0, 1);
        return new Lighting
        {
            SunDirection = Vector3.Normalize(direction),
            SunColor = new Vector3(1.08f, 1f, 0.95f - (0.3f * warmth)) * (1.9f * sunShare),
            SkyColor = new Vector3(0.92f, 1f, 1.1f) * (1.05f - (0.7f * sunShare)),
            GroundColor = new Vector3(0.8f, 1f, 0.6f) * (0.45f - (0.25f * sunShare)),
        };
    }

    /// <summary>Light that leaves a white surface towards the viewer.</summary>
    /// <param name="normal">Either of the two normals: surfaces are thin and lit from both sides.</param>
    /// <param name="material">Its translucency counts.</param>
    /// <param name="visibility">Share of the sun that reaches the point, 0 to 1.</param>
    public Vector3 Irradiance(Vector3 normal, Material material, float visibility)
    {
        Vector3 facing = normal.Z < 0 ? -normal : normal;
        float sun = Vector3.Dot(facing, SunDirection);
        float direct = sun > 0 ? 0.12f + (0.88f * sun) : (0.12f * (1 + sun)) - (material.Translucency * sun);
        float up = 0.5f + (0.5f * facing.Y);
        return (SunColor * (direct * visibility)) + (SkyColor * (0.35f + (0.65f * up))) + (GroundColor * (1 - up));
    }

    /// <summary>Blinn's highlight for a viewer on the z axis.</summary>
    public float Highlight(Vector3 normal, Material material, float visibility)
    {
        if (material.Gloss == 0)
        {
            return 0;
        }

        Vector3 facing = normal.Z < 0 ? -normal : normal;
        float aligned = MathF.Max(0, Vector3.Dot(facing, Vector3.Normalize(SunDirection + Vector3.UnitZ)));
        float power = aligned * aligned;
        power *= power;
        power *= power;
        return material.Gloss * visibility * power * power;
    }
}
