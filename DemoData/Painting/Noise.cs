namespace MLClassify.DemoData.Painting;

/// <summary>Smooth value noise in the plane, from a hash of the lattice points.</summary>
internal readonly struct Noise(int seed)
{
    private readonly uint _seed = (uint)seed;

    /// <summary>One octave, -1 to 1, features about one unit wide.</summary>
    public float At(float x, float y)
    {
        float floorX = MathF.Floor(x), floorY = MathF.Floor(y);
        int cellX = (int)floorX, cellY = (int)floorY;
        float fx = Smooth(x - floorX), fy = Smooth(y - floorY);
        float top = Lerp(Lattice(cellX, cellY), Lattice(cellX + 1, cellY), fx);
        float bottom = Lerp(Lattice(cellX, cellY + 1), Lattice(cellX + 1, cellY + 1), fx);
        return Lerp(top, bottom, fy);
    }

    /// <summary>Octaves of doubling frequency and halving strength.</summary>
    public float Fractal(float x, float y, int octaves)
    {
        float sum = 0, strength = 0.5f;
        for (int octave = 0; octave < octaves; octave++)
        {
            sum += strength * At(x, y);
            (x, y, strength) = ((x * 2) + 17.3f, (y * 2) - 9.1f, strength / 2);
        }

        return sum;
    }

    private static float Smooth(float t) => t * t * (3 - (2 * t));

    private static float Lerp(float a, float b, float t) => a + ((b - a) * t);

    private float Lattice(int x, int y)
    {
        uint hash = _seed + ((uint)x * 0x8DA6B343) + ((uint)y * 0xD8163841);
        hash = (hash ^ (hash >> 15)) * 0x2C1B3C6D;
        hash = (hash ^ (hash >> 12)) * 0x297A2D39;
        hash ^= hash >> 15;
        return (hash * (2f / uint.MaxValue)) - 1;
    }
}
