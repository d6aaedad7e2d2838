using MLClassify.Common;
using MLClassify.Imaging;

namespace MLClassify.Preprocessing.Loading;

/// <summary>Loads one sample into its slot, from the cache or its source, and remembers the files that cannot be read.</summary>
internal sealed class SampleLoader
{
    private readonly ImageDataset _dataset;
    private readonly Preprocessor _preprocessor;
    private readonly BatchLoaderOptions _options;
    private readonly Func<ImageSample, Image> _decode;
    private readonly DecodedImageCache _cache;
    private readonly string?[] _reasons;

    public SampleLoader(ImageDataset dataset, Preprocessor preprocessor, BatchLoaderOptions options, Func<ImageSample, Image> decode)
    {
        _dataset = dataset;
        _preprocessor = preprocessor;
        _options = options;
        _decode = decode;
        _cache = new DecodedImageCache(dataset.Count, options.CacheBytes);
        _reasons = new string?[dataset.Count];
    }

    /// <summary>The unreadable files so far, once a path, in the dataset's order.</summary>
    public SkippedFile[] Skipped()
    {
        var skipped = new Dictionary<string, SkippedFile>(StringComparer.Ordinal);
        for (int i = 0; i < _reasons.Length; i++)
        {
            if (Volatile.Read(ref _reasons[i]) is { } reason)
            {
                string path = _dataset.Samples[i].Path;
                skipped.TryAdd(path, new SkippedFile(path, reason));
            }
        }

        return [.. skipped.Values];
    }

    /// <summary>Fills a slot of a batch. Called by several threads at once, for different slots.</summary>
    /// <param name="entry">Which sample, and how often it occurred before, see <see cref="SampleOrder"/>.</param>
    /// <param name="epoch">Names the changes, with the entry.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="position">The slot.</param>
    public void Load(long entry, int epoch, Batch batch, int position)
    {
        int index = (int)(entry % _dataset.Count);
        ImageSample sample = _dataset.Samples[index];
        Image? image = Decode(index, sample);
        if (image is not null)
        {
            Fill(image, epoch, entry, batch.Slot(position));
        }

        batch.Set(position, index, sample.Label, image is not null);
    }

    private void Fill(Image image, int epoch, long entry, Span<float> slot)
    {
        if (!_options.Augmentation.IsDeterministic)
        {
            var random = new CounterRandom(_options.Seed, epoch, entry);
            _preprocessor.Apply(image, _options.Augmentation, ref random, slot);
            return;
        }

        int values = _preprocessor.ValueCount;
        for (int i = 0; i < _options.ImageViews.Count; i++)
        {
            _preprocessor.Apply(image, _options.ImageViews[i], slot.Slice(i * values, values));
        }
    }

    // A file that failed once is not tried again: every epoch then has the same images.
    private Image? Decode(int index, ImageSample sample)
    {
        if (_cache.Find(index) is { } cached)
        {
            return cached;
        }

        if (_reasons[index] is not null)
        {
            return null;
        }

        try
        {
            Image image = _decode(sample);
            _cache.Add(index, image);
            return image;
        }
        catch (Exception error) when (
            error is InvalidImageException or UnsupportedImageException or IOException or UnauthorizedAccessException)
        {
            Volatile.Write(ref _reasons[index], ImageErrors.Reason(error));
            return null;
        }
    }
}
