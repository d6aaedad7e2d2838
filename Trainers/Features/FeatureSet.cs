namespace MLClassify.Trainers;

/// <summary>What a frozen backbone says about images, <c>[Count, Length]</c> in memory, with their samples.</summary>
/// <param name="capacity">The most images.</param>
/// <param name="length">Features of an image.</param>
internal sealed class FeatureSet(int capacity, int length)
{
    // A row each: together they may exceed what one array holds.
    private readonly float[][] _rows = new float[capacity][];
    private readonly ImageSample[] _samples = new ImageSample[capacity];

    /// <summary>Images so far.</summary>
    public int Count { get; private set; }

    /// <summary>Features of an image.</summary>
    public int Length => length;

    /// <summary>An image's features.</summary>
    public ReadOnlySpan<float> this[int index] => _rows[index];

    /// <summary>An image's class.</summary>
    public int Label(int index) => _samples[index].Label;

    /// <summary>An image's source and class.</summary>
    public ImageSample Sample(int index) => _samples[index];

    /// <summary>Adds an image.</summary>
    public void Add(ReadOnlySpan<float> features, ImageSample sample)
    {
        _rows[Count] = features.ToArray();
        _samples[Count] = sample;
        Count++;
    }
}
