using System.Numerics;

namespace MLClassify.DemoData.Painting;

/// <summary>Surfaces that plants are made of.</summary>
internal static class PlantShapes
{
    /// <summary>A round stalk along a quadratic Bezier curve.</summary>
    public static Patch Stem(Vector3 from, Vector3 bend, Vector3 to, float radius, Material material)
    {
        return Patch.Sample(14, 8, material, (u, v) =>
        {
            Vector3 center = (from * ((1 - u) * (1 - u))) + (bend * (2 * u * (1 - u))) + (to * (u * u));
            Vector3 direction = Vector3.Normalize(((bend - from) * (1 - u)) + ((to - bend) * u));
            (Vector3 side, Vector3 up) = Frame(direction);
            (float sin, float cos) = MathF.SinCos(v * MathF.PI);
            return center + (radius * ((side * cos) + (up * sin)));
        });
    }

    /// <summary>A leaf or a grass blade: a strip that arches, folded along its middle.</summary>
    /// <param name="root">Where it begins.</param>
    /// <param name="direction">Where it first goes, unit length.</param>
    /// <param name="facing">What its upper side looks at, roughly.</param>
    /// <param name="length">Along the strip.</param>
    /// <param name="width">Across its widest place.</param>
    /// <param name="droop">How far it bends away from <paramref name="facing"/>, as an angle.</param>
    /// <param name="fold">Depth of the fold as a share of the width.</param>
    /// <param name="profile">Half width along the leaf, 0 to 1.</param>
    /// <param name="material">The look.</param>
    public static Patch Leaf(
        Vector3 root, Vector3 direction, Vector3 facing, float length, float width, float droop, float fold, Func<float, float> profile, Material material)
    {
        Vector3 side = Vector3.Cross(direction, facing);
        side = side.LengthSquared() < 1e-6f ? Frame(direction).Side : Vector3.Normalize(side);
        Vector3 upper = Vector3.Cross(side, direction);
        return Patch.Sample(12, 5, material, (u, v) =>
        {
            (Vector3 center, Vector3 normal) = Arc(u, length, droop, root, direction, upper);
            float half = 0.5f * width * profile(u);
            return center + (side * (half * v)) + (normal * (MathF.Abs(v) * fold * half));
        });
    }

    /// <summary>A ball, for buds, pods, berries, stamens.</summary>
    public static Patch Ball(Vector3 center, Vector3 axis, float radius, float stretch, Material material, int detail = 7)
    {
        (Vector3 side, Vector3 up) = Frame(axis);
        return Patch.Sample(detail, detail + 2, material, (u, v) =>
        {
            (float sin, float cos) = MathF.SinCos(u * MathF.PI);
            (float sinV, float cosV) = MathF.SinCos(v * MathF.PI);
            return center + (radius * ((axis * (-cos * stretch)) + (sin * ((side * cosV) + (up * sinV)))));
        });
    }

    /// <summary>A round cushion over the plane z = 0; u runs from the center to the rim, v around.</summary>
    public static Patch Dome(float radius, float height, float lift, float dimple, Material material)
    {
        return Patch.Sample(12, 25, material, (u, v) =>
        {
            (float sin, float cos) = MathF.SinCos(v * MathF.PI);
            float crown = MathF.Sqrt(MathF.Max(0, 1 - (u * u * u))) - (dimple * MathF.Exp(-8 * u * u));
            return new Vector3(radius * u * cos, radius * u * sin, lift + (height * crown));
        });
    }

    /// <summary>A point on an arc that starts along a direction and bends away from its upper side, and the normal there.</summary>
    public static (Vector3 Point, Vector3 Normal) Arc(float u, float length, float angle, Vector3 root, Vector3 direction, Vector3 upper)
    {
        float turned = u * angle;
        (float sin, float cos) = MathF.SinCos(turned);
        float forward = MathF.Abs(angle) < 1e-3f ? u : sin / angle;
        float down = MathF.Abs(angle) < 1e-3f ? 0 : (1 - cos) / angle;
        return (root + (length * ((direction * forward) - (upper * down))), (upper * cos) + (direction * sin));
    }

    /// <summary>Two directions at right angles to a third.</summary>
    public static (Vector3 Side, Vector3 Up) Frame(Vector3 direction)
    {
        Vector3 side = Vector3.Normalize(Vector3.Cross(MathF.Abs(direction.Z) < 0.9f ? Vector3.UnitZ : Vector3.UnitX, direction));
        return (side, Vector3.Cross(direction, side));
    }
}
