using MLClassify.Imaging;
using MLClassify.Preprocessing;

namespace MLClassify;

/// <summary>What a network does not see of images, by their sizes alone: pixels are not decoded.</summary>
public sealed record InputAudit
{
    // Enough to know a share by; a million files are not opened for it.
    private const int MostImages = 2000;
    private const double LongSides = 2;
    private const double LargeShare = 0.6;
    private const int TinySide = 16;

    private readonly int _long;
    private readonly int _side;
    private readonly int _inputSide;

    private InputAudit(List<Seen> images, int inputSide)
    {
        images.Sort((a, b) => a.Lost.CompareTo(b.Lost));
        Images = images.Count;
        Median = images[images.Count / 2].Lost;
        Worst = images[^1].Lost;
        WorstPath = images[^1].Path;
        LargestRatio = images.Max(image => image.Ratio);
        _long = images.Count(image => image.Ratio > LongSides);
        _side = images.Select(image => image.Side).Order().ElementAt(images.Count / 2);
        _inputSide = inputSide;
    }

    /// <summary>The images that were looked at: at most 2,000, evenly spread, whose size could be read.</summary>
    public int Images { get; }

    /// <summary>The share of its area that lies outside what the network sees, of the median image; 0 to 1.</summary>
    public double Median { get; }

    /// <summary>The same of the image that loses most.</summary>
    public double Worst { get; }

    /// <summary>The file of that image.</summary>
    public string WorstPath { get; }

    /// <summary>The longer side over the shorter, of the longest image.</summary>
    public double LargestRatio { get; }

    /// <summary>
    /// What to know before training: that a large share of images is not seen, or that many are longer than 2 : 1, or that images have
    /// hardly any pixels. Settings are named by their place in <c>FineTuneOptions</c>.
    /// </summary>
    public IReadOnlyList<string> Warnings => [.. Problems()];

    /// <summary>Looks at a dataset's images; those whose size cannot be read are left out.</summary>
    /// <param name="dataset">The images.</param>
    /// <param name="spec">How they become the network's input.</param>
    /// <returns>What is lost; null where no image's size can be read.</returns>
    public static InputAudit? Of(ImageDataset dataset, PreprocessingSpec spec)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(spec);
        int count = Math.Min(dataset.Count, MostImages);
        var images = new List<Seen>(count);
        for (int i = 0; i < count; i++)
        {
            ImageSample sample = dataset.Samples[(int)((long)i * dataset.Count / count)];
            if (Size(sample) is var (width, height))
            {
                double ratio = (double)Math.Max(width, height) / Math.Min(width, height);
                images.Add(new Seen(sample.Path, 1 - ViewGeometry.ShareSeen(width, height, spec), ratio, Math.Max(width, height)));
            }
        }

        return images.Count == 0 ? null : new InputAudit(images, spec.CropSize);
    }

    /// <summary>The shares: <c>the center crop leaves out 23 % of the median image, 94 % of the worst (strip.png)</c>.</summary>
    public override string ToString() => Worst < 0.005
        ? "the network sees all of every image"
        : FormattableString.Invariant($"the center crop leaves out {100 * Median:0} % of the median image, {100 * Worst:0} % of the worst ({WorstPath})");

    private IEnumerable<string> Problems()
    {
        if (Median >= LargeShare || (_long * 20 >= Images && Worst >= LargeShare))
        {
            yield return FormattableString.Invariant(
                $"The center crop leaves out {100 * Median:0} % of the median image and {100 * Worst:0} % of the worst, whose sides are up to {LargestRatio:0.#} : 1: what tells the classes apart may lie outside. Input.Fit Squash or Input.Fit Pad shows the network all of it.");
        }

        if (_side <= TinySide && _side * 2 <= _inputSide)
        {
            yield return FormattableString.Invariant(
                $"Most images are no larger than {_side} x {_side} pixels and are enlarged to {_inputSide} x {_inputSide}: hardly anything can be told from them. Are they thumbnails of larger ones?");
        }
    }

    private static (int Width, int Height)? Size(ImageSample sample)
    {
        try
        {
            using Stream stream = sample.OpenRead();
            return ImageHeader.ReadSize(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // Whoever decodes it says why it cannot be read.
            return null;
        }
    }

    private readonly record struct Seen(string Path, double Lost, double Ratio, int Side);
}
