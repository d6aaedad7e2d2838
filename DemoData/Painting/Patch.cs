using System.Numerics;

namespace MLClassify.DemoData.Painting;

/// <summary>A curved surface as a grid of vertices; texture coordinates follow the grid, u along and v across.</summary>
internal sealed class Patch
{
    private Patch(int rows, int columns, Material material)
    {
        Rows = rows;
        Columns = columns;
        Material = material;
        Positions = new Vector3[rows * columns];
        Normals = new Vector3[rows * columns];
        Texture = new Vector2[rows * columns];
    }

    /// <summary>Vertices along u.</summary>
    public int Rows { get; }

    /// <summary>Vertices along v.</summary>
    public int Columns { get; }

    public Material Material { get; }

    public Vector3[] Positions { get; }

    public Vector3[] Normals { get; }

    public Vector2[] Texture { get; }

    /// <summary>Samples a surface over u in 0..1 and v in -1..1, more densely towards u = 1, where petals round off.</summary>
    public static Patch Sample(int rows, int columns, Material material, Func<float, float, Vector3> surface)
    {
        var patch = new Patch(rows, columns, material);
        for (int row = 0; row < rows; row++)
        {
            float t = 1 - ((float)row / (rows - 1));
            float u = 1 - (t * MathF.Sqrt(t));
            for (int column = 0; column < columns; column++)
            {
                float v = (2f * column / (columns - 1)) - 1;
                int index = (row * columns) + column;
                patch.Positions[index] = surface(u, v);
                patch.Texture[index] = new Vector2(u, v);
            }
        }

        patch.ComputeNormals();
        return patch;
    }

    /// <summary>Moves, turns and scales the surface.</summary>
    public Patch Place(Matrix4x4 transform)
    {
        var placed = new Patch(Rows, Columns, Material);
        for (int i = 0; i < Positions.Length; i++)
        {
            placed.Positions[i] = Vector3.Transform(Positions[i], transform);
            placed.Texture[i] = Texture[i];
        }

        placed.ComputeNormals();
        return placed;
    }

    private void ComputeNormals()
    {
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++)
            {
                Vector3 along = At(Math.Min(row + 1, Rows - 1), column) - At(Math.Max(row - 1, 0), column);
                Vector3 across = At(row, Math.Min(column + 1, Columns - 1)) - At(row, Math.Max(column - 1, 0));
                if (across.LengthSquared() < 1e-12f)
                {
                    // The tip has no width: its neighbor row knows the direction.
                    int inner = row == 0 ? 1 : row - 1;
                    across = At(inner, Math.Min(column + 1, Columns - 1)) - At(inner, Math.Max(column - 1, 0));
                }

                Vector3 normal = Vector3.Cross(along, across);
                float length = normal.Length();
                Normals[(row * Columns) + column] = length > 1e-12f ? normal / length : Vector3.UnitZ;
            }
        }
    }

    private Vector3 At(int row, int column) => Positions[(row * Columns) + column];
}
