using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using MLClassify.DemoData.Flowers;
using MLClassify.DemoData.Painting;
using MLClassify.Imaging;
using MLClassify.Imaging.Encoding;

namespace MLClassify.DemoData;

/// <summary>Writes a small flower data set to disk, so that the demo needs no download.</summary>
public static class DemoDataset
{
    /// <summary>The class names, which are also the folders' names, in alphabetical order.</summary>
    public static IReadOnlyList<string> Classes { get; } = [.. Enum.GetNames<FlowerKind>().Select(name => name.ToLowerInvariant()).Order(StringComparer.Ordinal)];

    /// <summary>Paints and writes the images as <c>class/class_0001.jpg</c>, one in eight as <c>.png</c>.</summary>
    /// <param name="folder">Made if it is missing; files of the same names are replaced.</param>
    /// <param name="imagesPerClass">At least 1.</param>
    /// <param name="seed">The same seed gives the same bytes, whatever the number of threads.</param>
    /// <param name="progress">Hears the number of finished images; may be null.</param>
    /// <param name="cancellationToken">Cancels the work between two images.</param>
    /// <returns>The number of images written.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="imagesPerClass"/> is below 1.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The work was canceled.</exception>
    [SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "each image has a seed and a file of its own")]
    public static int Write(string folder, int imagesPerClass, int seed, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(imagesPerClass, 1);
        foreach (string name in Classes)
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
        }

        int total = Classes.Count * imagesPerClass;
        int finished = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        Parallel.For(0, total, options, index =>
        {
            WriteOne(folder, Classes[index % Classes.Count], 1 + (index / Classes.Count), seed);
            progress?.Report(Interlocked.Increment(ref finished));
        });
        return total;
    }

    private static void WriteOne(string folder, string name, int number, int seed)
    {
        FlowerKind kind = Enum.Parse<FlowerKind>(name, ignoreCase: true);
        int imageSeed = Mix(seed, (int)kind, number);
        Image image = FlowerPainter.Paint(kind, imageSeed);

        var random = new PaintRandom(Mix(imageSeed, 1, 1));
        string extension = random.Chance(0.125f) ? "png" : "jpg";
        string path = Path.Combine(folder, name, string.Create(CultureInfo.InvariantCulture, $"{name}_{number:D4}.{extension}"));
        var options = new JpegEncoderOptions
        {
            Quality = random.Count(60, 95),
            Subsampling = random.Chance(0.8f) ? ChromaSubsampling.Ratio420 : ChromaSubsampling.Ratio444,
        };
        ImageEncoder.Save(path, image, options);
    }

    /// <summary>A seed of its own for each image, so that the order of painting does not matter.</summary>
    private static int Mix(int seed, int first, int second)
    {
        uint hash = (uint)seed;
        foreach (int part in (ReadOnlySpan<int>)[first, second])
        {
            hash = (hash ^ (uint)part) * 0x9E3779B1;
            hash = (hash ^ (hash >> 15)) * 0x85EBCA6B;
            hash ^= hash >> 13;
        }

        return (int)(hash & 0x7FFFFFFF);
    }
}
