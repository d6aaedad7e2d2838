namespace MLClassify.Graphs;

/// <summary>
/// The shape of one sample's activation, <c>[Height, Width, Channels]</c>. The batch dimension is not part of a graph: a session
/// brings it. A feature vector of F values is <c>[1, 1, F]</c>.
/// </summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Channels">Channels, innermost in memory.</param>
public readonly record struct Shape(int Height, int Width, int Channels)
{
    /// <summary>Values in one sample.</summary>
    public int Count => checked(Height * Width * Channels);

    /// <summary>Positions in one sample.</summary>
    public int Pixels => checked(Height * Width);

    /// <summary>Whether this is a feature vector.</summary>
    public bool IsVector => Height == 1 && Width == 1;

    /// <summary>The shape of a feature vector.</summary>
    /// <param name="features">The number of features.</param>
    public static Shape Vector(int features) => new(1, 1, features);

    /// <summary>As <c>[H, W, C]</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"[{Height}, {Width}, {Channels}]");
}
