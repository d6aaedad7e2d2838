using System.Numerics;
using MLClassify.DemoData.Painting;

namespace MLClassify.DemoData.Flowers;

/// <summary>One petal of a flower that looks up the z axis; lengths in units of the flower's radius.</summary>
internal sealed class Petal
{
    /// <summary>Distance of the base from the axis.</summary>
    public float Start { get; init; }

    /// <summary>Height of the base.</summary>
    public float Lift { get; init; }

    public float Length { get; init; } = 1;

    public float Width { get; init; } = 0.3f;

    /// <summary>Direction around the axis.</summary>
    public float Azimuth { get; init; }

    /// <summary>Angle between the petal's base and the plane; a quarter turn stands upright.</summary>
    public float Elevation { get; init; }

    /// <summary>How far it bends outwards along its length, as an angle.</summary>
    public float Curl { get; init; }

    /// <summary>How far its sides bend inwards, as a share of the width.</summary>
    public float Cup { get; init; }

    /// <summary>Depth of waves and creases, as a share of the width.</summary>
    public float Ripple { get; init; }

    /// <summary>How far the middle of the tip stays behind its sides; negative for a pointed tip.</summary>
    public float Notch { get; init; }

    /// <summary>Sideways bend.</summary>
    public float Sway { get; init; }

    public required Func<float, float> Profile { get; init; }

    public required Noise Noise { get; init; }

    public int Rows { get; init; } = 9;

    public int Columns { get; init; } = 5;

    public Patch Build(Material material)
    {
        (float sin, float cos) = MathF.SinCos(Azimuth);
        var outward = new Vector3(cos, sin, 0);
        var side = new Vector3(-sin, cos, 0);
        (float rise, float run) = MathF.SinCos(Elevation);
        Vector3 direction = (outward * run) + (Vector3.UnitZ * rise);
        Vector3 inner = (Vector3.UnitZ * run) - (outward * rise);
        Vector3 root = (outward * Start) + (Vector3.UnitZ * Lift);
        return Patch.Sample(Rows, Columns, material, (u, v) =>
        {
            float reach = u * (1 - (Notch * (1 - (v * v)) * u));
            (Vector3 center, Vector3 normal) = PlantShapes.Arc(reach, Length, Curl, root, direction, inner);
            float half = 0.5f * Width * Profile(u);
            float bend = Cup * v * v * half;
            float wave = Ripple * Width * Noise.At((u * 2.5f) + (Azimuth * 7), v * 2f) * (0.25f + (0.75f * MathF.Max(u * u, MathF.Abs(v) * u)));
            return center + (side * ((half * v) + (Sway * u * u * Length))) + (normal * (bend + wave));
        });
    }
}
