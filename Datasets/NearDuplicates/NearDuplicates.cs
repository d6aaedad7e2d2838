using System.Diagnostics.CodeAnalysis;
using MLClassify.Imaging;

namespace MLClassify.Datasets;

/// <summary>
/// Images that show the same photo: copies in another size or quality, crops, frames of a burst. Where one is learned and another held
/// out, the figures say how well a model remembers, not how well it recognizes.
/// </summary>
/// <remarks>
/// Every image is decoded once and made 96 pixels wide or high. Images that share distinctive places are laid on each other, and count
/// as near-duplicates where most of what overlaps is alike. Uniform images have no such places and are never among them; mirrored and
/// turned ones are not found.
/// </remarks>
public sealed class NearDuplicates
{
    /// <summary>Among more images than this none are looked for.</summary>
    public const int MostImages = 20_000;

    // What so many have in common is a fixed camera, a form or a background, and not one moment.
    private const int LargestGroup = 20;
    private const double LargestShare = 0.05;

    private NearDuplicates(IReadOnlyList<IReadOnlyList<ImageSample>> groups, int alike, bool isComplete) => (Groups, Alike, IsComplete) = (groups, alike, isComplete);

    /// <summary>The groups of two or more, each in the order of the dataset.</summary>
    public IReadOnlyList<IReadOnlyList<ImageSample>> Groups { get; }

    /// <summary>
    /// How many more images look like another one in sets of more than 20 and more than a twentieth of all: of a fixed camera, or with the same background. They
    /// are in no group.
    /// </summary>
    public int Alike { get; }

    /// <summary>False where there are more than <see cref="MostImages"/>, and nothing was looked for.</summary>
    public bool IsComplete { get; }

    /// <summary>Looks for them.</summary>
    /// <param name="images">The images; those that cannot be read are in no group.</param>
    /// <param name="threads">Files read at once; as many as there are cores when 0.</param>
    /// <param name="cancellationToken">Cancels the work between images.</param>
    /// <exception cref="OperationCanceledException">The work was canceled.</exception>
    [SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "decodes files; each item writes its own place, and the number of threads is the caller's")]
    public static NearDuplicates Find(ImageDataset images, int threads = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        if (images.Count > MostImages)
        {
            return new NearDuplicates([], 0, isComplete: false);
        }

        var thumbnails = new ImageThumbnail?[images.Count];
        var options = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount };
        Parallel.For(0, images.Count, options, i => thumbnails[i] = Read(images.Samples[i]));
        IReadOnlyList<(int First, int Second)> candidates = ThumbnailIndex.Candidates(thumbnails);
        bool[] isSame = new bool[candidates.Count];
        Parallel.For(0, candidates.Count, options, i => isSame[i] = ThumbnailMatch.IsSame(thumbnails[candidates[i].First]!, thumbnails[candidates[i].Second]!));

        var sets = new DisjointSets(images.Count);
        for (int i = 0; i < candidates.Count; i++)
        {
            if (isSame[i])
            {
                sets.Join(candidates[i].First, candidates[i].Second);
            }
        }

        int largest = Math.Max(LargestGroup, (int)(LargestShare * images.Count));
        int[][] groups = [.. Enumerable.Range(0, images.Count).GroupBy(sets.Find).Select(group => group.ToArray()).Where(group => group.Length > 1)];
        return new NearDuplicates(
            [.. groups.Where(group => group.Length <= largest).Select(group => group.Select(i => images.Samples[i]).ToArray())],
            groups.Where(group => group.Length > largest).Sum(group => group.Length),
            isComplete: true);
    }

    private static ImageThumbnail? Read(ImageSample sample)
    {
        try
        {
            return new ImageThumbnail(sample.LoadImage());
        }
        catch (Exception e) when (e is InvalidImageException or UnsupportedImageException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
