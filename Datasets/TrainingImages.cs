using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using MLClassify.Datasets;

namespace MLClassify;

/// <summary>
/// The images that a model was trained on, told by their files' content: whatever a file is called and wherever it lies, its bytes are found
/// again. Four bytes an image; of more than <see cref="MostHashes"/> images a part, chosen by the hashes, stands for all.
/// </summary>
public sealed class TrainingImages
{
    /// <summary>The most images that are remembered one by one.</summary>
    public const int MostHashes = 65_536;

    // Ascending; the smallest of all where there are more images than are remembered.
    private readonly uint[] _hashes;

    private TrainingImages(int count, uint[] hashes) => (Count, _hashes) = (count, hashes);

    /// <summary>How many there are, equal ones counted once; of more than <see cref="MostHashes"/>, how many at least.</summary>
    public int Count { get; }

    // Above it nothing is known.
    private uint Limit => _hashes.Length < MostHashes ? uint.MaxValue : _hashes[^1];

    /// <summary>How many of a dataset's images are among them; an estimate where they are more than <see cref="MostHashes"/>.</summary>
    /// <param name="dataset">The images; those that cannot be read count as not among them.</param>
    /// <param name="cancellationToken">Cancels the work between images.</param>
    /// <exception cref="OperationCanceledException">The work was canceled.</exception>
    public int CountIn(ImageDataset dataset, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        int known = 0;
        int found = 0;
        foreach (uint hash in HashesOf(dataset.Samples, cancellationToken))
        {
            if (hash <= Limit)
            {
                known++;
                found += Contains(hash) ? 1 : 0;
            }
        }

        return known == 0 || Limit == uint.MaxValue ? found : (int)Math.Round((double)found / known * dataset.Count);
    }

    /// <summary>
    /// How many of a dataset's images that can be read are among them: equal files that are no images, such as one error page saved many times, are
    /// none that were learned.
    /// </summary>
    /// <param name="dataset">The images.</param>
    /// <param name="skipped">Those that could not be read, by their sources.</param>
    /// <param name="cancellationToken">Cancels the work between images.</param>
    internal int CountIn(ImageDataset dataset, IReadOnlyList<SkippedFile> skipped, CancellationToken cancellationToken = default)
    {
        var unreadable = skipped.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        return CountIn(new ImageDataset(dataset.ClassNames, [.. dataset.Samples.Where(sample => !unreadable.Contains(sample.Path))]), cancellationToken);
    }

    /// <summary>
    /// The images of a dataset that are not among them, on which the model can be measured. Where they are more than
    /// <see cref="MostHashes"/>, only images of the remembered part are known not to be.
    /// </summary>
    /// <param name="dataset">The images.</param>
    /// <param name="cancellationToken">Cancels the work between images.</param>
    /// <exception cref="OperationCanceledException">The work was canceled.</exception>
    public ImageDataset Unseen(ImageDataset dataset, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var unseen = new List<ImageSample>();
        foreach (ImageSample sample in dataset.Samples)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (HashOf(sample) is not { } hash || (hash <= Limit && !Contains(hash)))
            {
                unseen.Add(sample);
            }
        }

        return new ImageDataset(dataset.ClassNames, unseen);
    }

    /// <summary>Remembers images.</summary>
    /// <param name="dataset">The images; those that cannot be read are left out.</param>
    /// <param name="earlier">Images that a model was trained on before; null for none.</param>
    /// <param name="cancellationToken">Cancels the work between images.</param>
    internal static TrainingImages Of(ImageDataset dataset, TrainingImages? earlier = null, CancellationToken cancellationToken = default)
    {
        uint[] hashes = [.. HashesOf(dataset.Samples, cancellationToken).Distinct().Order()];
        return new TrainingImages(hashes.Length, hashes.Length > MostHashes ? hashes[..MostHashes] : hashes).With(earlier);
    }

    /// <summary>These and others.</summary>
    internal TrainingImages With(TrainingImages? others)
    {
        if (others is null)
        {
            return this;
        }

        uint limit = Math.Min(Limit, others.Limit);
        uint[] hashes = [.. _hashes.Concat(others._hashes).Where(hash => hash <= limit).Distinct().Order().Take(MostHashes)];
        return new TrainingImages(limit == uint.MaxValue && hashes.Length < MostHashes ? hashes.Length : Math.Max(Count, others.Count), hashes);
    }

    /// <summary>The text that <see cref="Parse"/> reads: JSON with <c>images</c> and <c>sha256</c>, the hashes' first four bytes in base64.</summary>
    internal string ToJson()
    {
        byte[] bytes = new byte[_hashes.Length * sizeof(uint)];
        for (int i = 0; i < _hashes.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(i * sizeof(uint)), _hashes[i]);
        }

        return JsonSerializer.Serialize(new TrainingImagesContent(Count, bytes), TrainingImagesJson.Default.TrainingImagesContent);
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    internal static TrainingImages Parse(string json)
    {
        TrainingImagesContent? content;
        try
        {
            content = JsonSerializer.Deserialize(json, TrainingImagesJson.Default.TrainingImagesContent);
        }
        catch (JsonException e)
        {
            throw new FormatException(e.Message, e);
        }

        if (content?.Sha256 is not { } bytes || bytes.Length % sizeof(uint) != 0 || bytes.Length / sizeof(uint) > Math.Min(content.Images, MostHashes))
        {
            throw new FormatException("found no list of hashes, expected one of at most four bytes an image");
        }

        uint[] hashes = new uint[bytes.Length / sizeof(uint)];
        for (int i = 0; i < hashes.Length; i++)
        {
            hashes[i] = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(i * sizeof(uint)));
        }

        return hashes.AsSpan().SequenceEqual(hashes.Order().ToArray())
            ? new TrainingImages(content.Images, hashes)
            : throw new FormatException("found hashes in disorder, expected them ascending");
    }

    private bool Contains(uint hash) => Array.BinarySearch(_hashes, hash) >= 0;

    private static IEnumerable<uint> HashesOf(IReadOnlyList<ImageSample> samples, CancellationToken cancellationToken)
    {
        foreach (ImageSample sample in samples)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (HashOf(sample) is { } hash)
            {
                yield return hash;
            }
        }
    }

    private static uint? HashOf(ImageSample sample)
    {
        try
        {
            using Stream stream = sample.OpenRead();
            return BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(stream));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
