using MLClassify.Graphs;

namespace MLClassify.Models;

/// <summary>A heat map: for each position of a feature map, a value from 0 to 1 that tells how strongly it supports a class.</summary>
public sealed class HeatMap
{
    private readonly float[] _values;
    private readonly MapPositions _positions;
    private readonly Shape _input;

    /// <summary>Scales a map of evidence so that its largest value is 1; negative evidence becomes 0.</summary>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="evidence">The map, row by row; finite.</param>
    /// <param name="positions">Where in the network's input the positions lie.</param>
    /// <param name="input">The shape of the network's input.</param>
    internal HeatMap(int height, int width, ReadOnlySpan<double> evidence, MapPositions positions, Shape input)
    {
        Height = height;
        Width = width;
        _positions = positions;
        _input = input;
        _values = new float[evidence.Length];
        double peak = 0;
        foreach (double value in evidence)
        {
            peak = Math.Max(peak, value);
        }

        Peak = peak;
        for (int i = 0; i < _values.Length && peak > 0; i++)
        {
            _values[i] = (float)(Math.Max(0, evidence[i]) / peak);
        }
    }

    /// <summary>Rows of the map.</summary>
    public int Height { get; }

    /// <summary>Columns of the map.</summary>
    public int Width { get; }

    /// <summary>The values, 0..1, row by row: <c>[Height, Width]</c>.</summary>
    public IReadOnlyList<float> Values => _values;

    /// <summary>The largest evidence before scaling, in units of the class's logit; 0 where there is none.</summary>
    public double Peak { get; }

    /// <summary>Whether every value is 0: no region supports the class.</summary>
    public bool IsEmpty => Peak == 0;

    /// <summary>
    /// The value at a place of the network's input: a smooth surface through the values at their positions' centers (Catmull-Rom, cut to 0..1).
    /// </summary>
    /// <param name="x">From 0 at the input's left edge to 1 at its right.</param>
    /// <param name="y">From 0 at the input's upper edge to 1 at its lower.</param>
    /// <returns>0..1; beyond the outermost centers the surface goes on level.</returns>
    public double At(double x, double y)
    {
        (int column, double shareX) = Place(x * _input.Width, _positions.Columns, Width);
        (int row, double shareY) = Place(y * _input.Height, _positions.Rows, Height);
        Span<double> rows = stackalloc double[4];
        for (int i = 0; i < 4; i++)
        {
            int first = Math.Clamp(row + i - 1, 0, Height - 1) * Width;
            rows[i] = Curve(
                _values[first + Math.Max(column - 1, 0)],
                _values[first + column],
                _values[first + Math.Min(column + 1, Width - 1)],
                _values[first + Math.Min(column + 2, Width - 1)],
                shareX);
        }

        return Math.Clamp(Curve(rows[0], rows[1], rows[2], rows[3], shareY), 0, 1);
    }

    private static (int Before, double Share) Place(double pixel, AxisPositions axis, int count)
    {
        double position = Math.Clamp((pixel - axis.Start) / axis.Step, 0, count - 1);
        return ((int)position, position - (int)position);
    }

    // The cubic through b and c whose slopes there are those from a to c and from b to d.
    private static double Curve(double a, double b, double c, double d, double t) =>
        b + (t / 2 * (c - a + (t * ((2 * a) - (5 * b) + (4 * c) - d + (t * ((3 * (b - c)) + d - a))))));
}
