using MLClassify.Datasets;
using MLClassify.Graphs;

namespace MLClassify.Trainers;

/// <summary>What a frozen backbone says about pictures, <c>[Count, Length]</c> in memory, with their labels and paths.</summary>
internal sealed unsafe class FeatureSet : IDisposable
{
    private readonly Tensor _values;
    private readonly int[] _labels;
    private readonly string[] _paths;

    /// <summary>Makes room.</summary>
    /// <param name="capacity">The most pictures.</param>
    /// <param name="length">Features of a picture.</param>
    public FeatureSet(int capacity, int length)
    {
        Length = length;
        _values = new Tensor((long)capacity * length);
        _labels = new int[capacity];
        _paths = new string[capacity];
    }

    /// <summary>Pictures so far.</summary>
    public int Count { get; private set; }

    /// <summary>Features of a picture.</summary>
    public int Length { get; }

    /// <summary>A picture's features.</summary>
    public ReadOnlySpan<float> this[int index] => Row(index);

    /// <summary>A picture's class.</summary>
    public int Label(int index) => _labels[index];

    /// <summary>A picture's file.</summary>
    public string Path(int index) => _paths[index];

    /// <summary>Adds a picture.</summary>
    public void Add(ReadOnlySpan<float> features, ImageSample sample)
    {
        features.CopyTo(Row(Count));
        _labels[Count] = sample.Label;
        _paths[Count] = sample.Path;
        Count++;
    }

    public void Dispose() => _values.Dispose();

    private Span<float> Row(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_labels.Length);
        return new Span<float>(_values.Data + ((long)index * Length), Length);
    }
}
