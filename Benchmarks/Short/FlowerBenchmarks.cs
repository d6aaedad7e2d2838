using System.Formats.Tar;
using BenchmarkDotNet.Attributes;
using MLClassify.Imaging;
using MLClassify.Preprocessing;

namespace MLClassify.Benchmarks.Short;

/// <summary>The same on real photos, one in sixty of the flowers, on one thread.</summary>
public class FlowerBenchmarks
{
    private const int Stride = 60;

    private readonly Preprocessor _preprocessor = new(PreprocessingSpec.ImageNet());
    private readonly float[] _values = new float[224 * 224 * 3];
    private byte[][] _photos = [];

    /// <summary>Reads the photos.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        string archive = RepositoryPlaces.Flowers() ?? throw new InvalidOperationException("the flowers are not here");
        _photos = [.. Photos(archive)];
        double megapixels = 0;
        foreach (byte[] photo in _photos)
        {
            Image image = Image.Decode(photo);
            megapixels += image.Width * image.Height / 1e6;
        }

        RateColumn.Set(nameof(DecodeFlowers), megapixels, "MP");
        RateColumn.Set(nameof(DecodeAndPreprocessFlowers), _photos.Length, "images");
    }

    /// <summary>Decodes all of them.</summary>
    [Benchmark]
    public int DecodeFlowers()
    {
        int width = 0;
        foreach (byte[] photo in _photos)
        {
            width += Image.Decode(photo).Width;
        }

        return width;
    }

    /// <summary>Decodes, resizes, crops and normalizes all of them.</summary>
    [Benchmark]
    public float[] DecodeAndPreprocessFlowers()
    {
        foreach (byte[] photo in _photos)
        {
            _preprocessor.Apply(Image.Decode(photo), _values);
        }

        return _values;
    }

    private static IEnumerable<byte[]> Photos(string archive)
    {
        using FileStream stream = File.OpenRead(archive);
        using var reader = new TarReader(stream);
        int number = 0;
        while (reader.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is { } data && entry.Name.EndsWith(".jpg", StringComparison.OrdinalIgnoreCase) && number++ % Stride == 0)
            {
                byte[] photo = new byte[data.Length];
                data.ReadExactly(photo);
                yield return photo;
            }
        }
    }
}
