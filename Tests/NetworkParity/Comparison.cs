using System.Runtime.InteropServices;

namespace MLClassify.NetworkParity;

/// <summary>Compares tensors with those of a file, in the same order, value by value.</summary>
/// <param name="path">Float32 values, little-endian, one tensor after the other.</param>
internal sealed class Comparison(string path)
{
    /// <summary>The share of the largest value of all tensors below which a tensor is zero but for rounding.</summary>
    public const double Zero = 1e-6;

    private readonly List<(string Name, double Difference, double Largest, double Found)> _tensors = [];

    /// <summary>Tensors compared.</summary>
    public int Count => _tensors.Count;

    private double LargestOfAll => _tensors.Max(t => t.Largest);

    /// <summary>Compares tensors until the file ends, which both must do together.</summary>
    public void Add(IEnumerable<(string Name, float[] Values)> tensors)
    {
        using FileStream file = File.OpenRead(path);
        foreach ((string name, float[] found) in tensors)
        {
            float[] expected = new float[found.Length];
            file.ReadExactly(MemoryMarshal.AsBytes(expected.AsSpan()));
            double difference = 0;
            double largest = 0;
            double largestFound = 0;
            for (int i = 0; i < found.Length; i++)
            {
                // Written so that a NaN is seen.
                double d = Math.Abs((double)found[i] - expected[i]);
                difference = d <= difference ? difference : d;
                largest = Math.Max(largest, Math.Abs(expected[i]));
                largestFound = Math.Max(largestFound, Math.Abs(found[i]));
            }

            _tensors.Add((name, difference, largest, largestFound));
        }

        if (file.ReadByte() >= 0)
        {
            throw new InvalidDataException($"{path} holds more than the network has.");
        }
    }

    /// <summary>The largest difference over the largest value of the same tensor, of all tensors that are not zero.</summary>
    public double LargestRelative(double zero) => Relative(zero).Max(t => t.Relative);

    /// <summary>Where that is.</summary>
    public string Worst(double zero) => Relative(zero).MaxBy(t => t.Relative).Name;

    /// <summary>Tensors that are zero but for rounding.</summary>
    public int ZeroCount(double zero) => _tensors.Count(t => t.Largest <= zero * LargestOfAll);

    /// <summary>The largest value found in those, over the largest of all tensors.</summary>
    public double LargestZero(double zero) =>
        _tensors.Where(t => t.Largest <= zero * LargestOfAll).Select(t => t.Found / LargestOfAll).DefaultIfEmpty(0).Max();

    private IEnumerable<(string Name, double Relative)> Relative(double zero) =>
        _tensors.Where(t => t.Largest > zero * LargestOfAll).Select(t => (t.Name, t.Difference / t.Largest));
}
