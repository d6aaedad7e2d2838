namespace MLClassify.Trainers;

/// <summary>What a frozen backbone says about images, <c>[Count, Length]</c> in memory, with their labels and paths.</summary>
/// <param name="capacity">The most images.</param>
/// <param name="length">Features of an image.</param>
internal sealed class FeatureSet(int capacity, int length)
{
    // A row each: together they may exceed what one array holds.
    private readonly float[][] _rows = new float[capacity][];
    private readonly int[] _labels = new int[capacity];
    private readonly string[] _paths = new string[capacity];

    /// <summary>Images so far.</summary>
    public int Count { get; private set; }

    /// <summary>Features of an image.</summary>
    public int Length => length;

    /// <summary>An image's features.</summary>
    public ReadOnlySpan<float> this[int index] => _rows[index];

    /// <summary>An image's class.</summary>
    public int Label(int index) => _labels[index];

    /// <summary>An image's file.</summary>
    public string Path(int index) => _paths[index];

    /// <summary>Adds an image.</summary>
    public void Add(ReadOnlySpan<float> features, ImageSample sample)
    {
        _rows[Count] = features.ToArray();
        _labels[Count] = sample.Label;
        _paths[Count] = sample.Path;
        Count++;
    }
}
