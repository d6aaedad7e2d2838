using System.Numerics;

namespace MLClassify.DemoData.Painting;

/// <summary>Distances from the sun to the first surface, on a grid: tells which points lie in shadow.</summary>
internal sealed class ShadowMap
{
    private const int Side = 160;
    private readonly float[] _nearest = new float[Side * Side];
    private readonly Matrix4x4 _toSun;
    private readonly float _scale;
    private readonly Vector2 _origin;
    private readonly float _bias;

    public ShadowMap(IReadOnlyList<Patch> patches, Vector3 sunDirection)
    {
        Vector3 side = Vector3.Normalize(Vector3.Cross(MathF.Abs(sunDirection.Y) < 0.9f ? Vector3.UnitY : Vector3.UnitX, sunDirection));
        Vector3 up = Vector3.Cross(sunDirection, side);
        _toSun = new Matrix4x4(
            side.X, up.X, sunDirection.X, 0,
            side.Y, up.Y, sunDirection.Y, 0,
            side.Z, up.Z, sunDirection.Z, 0,
            0, 0, 0, 1);

        var low = new Vector3(float.MaxValue);
        var high = new Vector3(float.MinValue);
        foreach (Vector3 position in patches.SelectMany(patch => patch.Positions))
        {
            Vector3 seen = Vector3.Transform(position, _toSun);
            low = Vector3.Min(low, seen);
            high = Vector3.Max(high, seen);
        }

        float extent = MathF.Max(high.X - low.X, high.Y - low.Y) + 1e-3f;
        _scale = (Side - 8) / extent;
        _origin = new Vector2(low.X, low.Y);
        _bias = 2.5f / _scale;
        Array.Fill(_nearest, float.MinValue);
        foreach (Patch patch in patches)
        {
            Add(patch);
        }
    }

    /// <summary>Share of the sun that reaches a point, from a soft-edged look-up.</summary>
    public float Visibility(Vector3 position)
    {
        Vector3 seen = ToGrid(position);
        int centerX = (int)seen.X, centerY = (int)seen.Y;
        int open = 0, total = 0;
        for (int y = centerY - 2; y <= centerY + 2; y++)
        {
            for (int x = centerX - 2; x <= centerX + 2; x++)
            {
                if ((uint)x < Side && (uint)y < Side)
                {
                    total++;
                    open += _nearest[(y * Side) + x] <= seen.Z + _bias ? 1 : 0;
                }
            }
        }

        return total == 0 ? 1 : (float)open / total;
    }

    private Vector3 ToGrid(Vector3 position)
    {
        Vector3 seen = Vector3.Transform(position, _toSun);
        return new Vector3(((seen.X - _origin.X) * _scale) + 4, ((seen.Y - _origin.Y) * _scale) + 4, seen.Z);
    }

    private void Add(Patch patch)
    {
        var seen = new Vector3[patch.Positions.Length];
        for (int i = 0; i < seen.Length; i++)
        {
            seen[i] = ToGrid(patch.Positions[i]);
        }

        var target = new Target(_nearest);
        foreach ((int a, int b, int c) in Rasterizer.Triangles(patch.Rows, patch.Columns))
        {
            Rasterizer.Fill(seen[a], seen[b], seen[c], Side, Side, ref target);
        }
    }

    private readonly struct Target(float[] nearest) : IFragmentTarget
    {
        public void Add(int index, float depth, float weightA, float weightB, float weightC) => nearest[index] = MathF.Max(nearest[index], depth);
    }
}
