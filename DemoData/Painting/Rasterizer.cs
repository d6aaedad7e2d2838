using System.Numerics;

namespace MLClassify.DemoData.Painting;

/// <summary>Receives the samples that a triangle covers.</summary>
internal interface IFragmentTarget
{
    /// <summary>Takes a sample.</summary>
    /// <param name="index">Row times width plus column.</param>
    /// <param name="depth">Interpolated z; larger is nearer.</param>
    /// <param name="weightA">Barycentric weight of the first corner; the three sum to 1.</param>
    /// <param name="weightB">Weight of the second corner.</param>
    /// <param name="weightC">Weight of the third corner.</param>
    void Add(int index, float depth, float weightA, float weightB, float weightC);
}

/// <summary>Triangles into samples, by edge functions over the bounding box (Pineda 1988).</summary>
internal static class Rasterizer
{
    /// <summary>Corner indices of a vertex grid's triangles.</summary>
    public static IEnumerable<(int A, int B, int C)> Triangles(int rows, int columns)
    {
        for (int row = 0; row + 1 < rows; row++)
        {
            for (int column = 0; column + 1 < columns; column++)
            {
                int corner = (row * columns) + column;
                yield return (corner, corner + 1, corner + columns);
                yield return (corner + 1, corner + columns + 1, corner + columns);
            }
        }
    }

    /// <summary>Visits every sample whose center a triangle covers, whichever way round it is.</summary>
    public static void Fill<TTarget>(Vector3 a, Vector3 b, Vector3 c, int width, int height, ref TTarget target)
        where TTarget : struct, IFragmentTarget
    {
        float area = ((b.X - a.X) * (c.Y - a.Y)) - ((b.Y - a.Y) * (c.X - a.X));
        if (MathF.Abs(area) < 1e-6f)
        {
            return;
        }

        int left = (int)MathF.Max(0, MathF.Ceiling(MathF.Min(a.X, MathF.Min(b.X, c.X)) - 0.5f));
        int right = (int)MathF.Min(width - 1, MathF.Floor(MathF.Max(a.X, MathF.Max(b.X, c.X)) - 0.5f));
        int top = (int)MathF.Max(0, MathF.Ceiling(MathF.Min(a.Y, MathF.Min(b.Y, c.Y)) - 0.5f));
        int bottom = (int)MathF.Min(height - 1, MathF.Floor(MathF.Max(a.Y, MathF.Max(b.Y, c.Y)) - 0.5f));
        float inverse = 1 / area;
        for (int y = top; y <= bottom; y++)
        {
            float sampleY = y + 0.5f;
            for (int x = left; x <= right; x++)
            {
                float sampleX = x + 0.5f;
                float weightB = (((sampleX - a.X) * (c.Y - a.Y)) - ((sampleY - a.Y) * (c.X - a.X))) * inverse;
                float weightC = (((b.X - a.X) * (sampleY - a.Y)) - ((b.Y - a.Y) * (sampleX - a.X))) * inverse;
                float weightA = 1 - weightB - weightC;
                if (weightA >= 0 && weightB >= 0 && weightC >= 0)
                {
                    target.Add((y * width) + x, (weightA * a.Z) + (weightB * b.Z) + (weightC * c.Z), weightA, weightB, weightC);
                }
            }
        }
    }
}
