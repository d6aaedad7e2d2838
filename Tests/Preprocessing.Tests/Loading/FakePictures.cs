using MLClassify.Imaging;

namespace MLClassify.Preprocessing.Tests.Loading;

/// <summary>A dataset whose files exist only in the decoder: a path is its picture's seed, or the name of a failure.</summary>
internal static class FakePictures
{
    public static ImageDataset Dataset(params string[] paths) =>
        new(["even", "odd"], paths.Select((path, i) => new ImageSample(path, i % 2)));

    public static ImageDataset Dataset(int count) => Dataset([.. Enumerable.Range(0, count).Select(i => $"{i}")]);

    public static Image Decode(string path) => path switch
    {
        "damaged" => throw new InvalidImageException("JPEG", "found the end; expected a scan", 17),
        "unsupported" => throw new UnsupportedImageException("WebP", "lossless is not supported"),
        "gone" => throw new FileNotFoundException("no such file"),
        "forbidden" => throw new UnauthorizedAccessException("access denied"),
        "bug" => throw new InvalidOperationException("a bug"),
        _ => TestImages.Noise(20 + (path.Length * 3), 24, int.Parse(path)),
    };
}
