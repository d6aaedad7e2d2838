using MLClassify.Graphs;

namespace MLClassify.Evaluation;

/// <summary>Where a network found what speaks for a class: a value from 0 to 1 for each position of one of its maps.</summary>
public sealed class HeatMap
{
    private readonly float[] _values;
    private readonly MapPositions _positions;
    private readonly Shape _input;

    /// <summary>Scales a map of evidence so that its largest value is 1; what speaks against the class becomes 0.</summary>
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

    /// <summary>Whether every value is 0: in this map nothing speaks for the class.</summary>
    public bool IsEmpty => Peak == 0;

    /// <summary>The value at a place of the network's input, between the positions' centres interpolated linearly.</summary>
    /// <param name="x">From 0 at the input's left edge to 1 at its right.</param>
    /// <param name="y">From 0 at the input's upper edge to 1 at its lower.</param>
    /// <returns>0..1; beyond the outermost centres their values.</returns>
    public double At(double x, double y)
    {
        (int left, int right, double alongX) = Neighbours(x * _input.Width, _positions.Columns, Width);
        (int top, int bottom, double alongY) = Neighbours(y * _input.Height, _positions.Rows, Height);
        return Mix(
            Mix(_values[(top * Width) + left], _values[(top * Width) + right], alongX),
            Mix(_values[(bottom * Width) + left], _values[(bottom * Width) + right], alongX),
            alongY);
    }

    private static double Mix(double a, double b, double share) => a + ((b - a) * share);

    private static (int Before, int After, double Share) Neighbours(double pixel, AxisPositions axis, int count)
    {
        double position = Math.Clamp((pixel - axis.Start) / axis.Step, 0, count - 1);
        int before = (int)position;
        return (before, Math.Min(before + 1, count - 1), position - before);
    }
}
