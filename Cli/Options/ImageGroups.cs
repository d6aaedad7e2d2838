using System.Text.RegularExpressions;
using MLClassify.Datasets;

namespace MLClassify.Cli.Options;

/// <summary>Images that a split keeps on one side, and what is to be said about them.</summary>
/// <param name="Images">The images with their groups.</param>
/// <param name="Lines">What is said first.</param>
internal sealed record ImageGroups(ImageDataset Images, IReadOnlyList<string> Lines)
{
    private const string ByFolder = "folder";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>The near-duplicates, where they were looked for.</summary>
    public NearDuplicates? Found { get; private init; }

    /// <summary>Checks a rule.</summary>
    /// <exception cref="ArgumentException">It is no rule.</exception>
    public static void Check(string rule) => _ = Parse(rule);

    /// <summary>Groups a folder's images.</summary>
    /// <param name="images">The images.</param>
    /// <param name="root">Where they lie.</param>
    /// <param name="rule">What <c>--group</c> says; null for nothing.</param>
    /// <param name="nearDuplicates">Whether near-duplicates are kept together.</param>
    /// <param name="cancellationToken">Cancels the work between images.</param>
    /// <exception cref="UsageException">The rule finds no group.</exception>
    public static ImageGroups Of(ImageDataset images, string root, string? rule, bool nearDuplicates, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        if (rule is not null)
        {
            if (images.Samples.Any(sample => sample.Group is not null))
            {
                throw new UsageException("--group: the table in --labels has a column of groups already");
            }

            images = images.WithGroups(Group(images, root, rule));
            int without = images.Samples.Count(sample => sample.Group is null);
            if (without == images.Count)
            {
                throw new UsageException($"--group: expected groups, found none in {root}: {(rule == ByFolder ? "no images in folders below a class's" : $"no file's name fits '{rule}'")}");
            }

            if (without > 0)
            {
                lines.Add(FormattableString.Invariant($"--group: {without} of {images.Count} images are in no group, such as {images.Samples.First(sample => sample.Group is null).Path}"));
            }
        }

        NearDuplicates? found = nearDuplicates ? NearDuplicates.Find(images, cancellationToken: cancellationToken) : null;
        if (found is { IsComplete: false })
        {
            lines.Add(FormattableString.Invariant($"near-duplicates are not looked for: more than {NearDuplicates.MostImages} images"));
        }

        if (found is { Groups.Count: > 0 })
        {
            images = images.KeepTogether(found.Groups);
            lines.Add(FormattableString.Invariant(
                $"near-duplicates: {found.Groups.Sum(group => group.Count)} of {images.Count} images show the same as another one, in {found.Groups.Count} groups; --near-duplicates ignore splits them"));
        }

        if (found is { Alike: > 0 })
        {
            lines.Add(FormattableString.Invariant(
                $"near-duplicates: {found.Alike} images look alike as those of a fixed camera do, and are split one by one; --group says what belongs together"));
        }

        (int groups, int grouped) = images.CountGroups();
        if (groups > 0)
        {
            lines.Add(FormattableString.Invariant($"{groups} groups of {grouped} images are kept together"));
        }

        return new ImageGroups(images, lines) { Found = found };
    }

    /// <summary>What is to be said about near-duplicates of training images in parts that are held out.</summary>
    /// <param name="train">The training images.</param>
    /// <param name="heldOut">The parts, which have the same classes.</param>
    /// <param name="cancellationToken">Cancels the work between images.</param>
    /// <returns>A line; none where there are no such images.</returns>
    public static IEnumerable<string> Across(ImageDataset train, IReadOnlyList<ImageDataset> heldOut, CancellationToken cancellationToken)
    {
        ImageSample[] held = [.. heldOut.SelectMany(part => part.Samples)];
        return Across(NearDuplicates.Find(new ImageDataset(train.ClassNames, train.Samples.Concat(held)), cancellationToken: cancellationToken), train, held);
    }

    /// <summary>The same of near-duplicates that were found.</summary>
    /// <param name="found">They.</param>
    /// <param name="train">The training images.</param>
    /// <param name="held">The images held out.</param>
    public static IEnumerable<string> Across(NearDuplicates found, ImageDataset train, IReadOnlyCollection<ImageSample> held)
    {
        HashSet<string> learned = [.. train.Samples.Select(sample => sample.Path)];
        HashSet<string> measured = [.. held.Select(sample => sample.Path)];
        int seen = found.Groups.Where(group => group.Any(sample => learned.Contains(sample.Path))).Sum(group => group.Count(sample => measured.Contains(sample.Path)));
        if (seen > 0)
        {
            yield return FormattableString.Invariant(
                $"near-duplicates: {seen} of the {held.Count} images that are held out show the same as a training image: the figures are better than on images of something else");
        }
    }

    private static Regex? Parse(string rule)
    {
        if (rule == ByFolder)
        {
            return null;
        }

        var pattern = new Regex(rule, RegexOptions.CultureInvariant, Limit);
        int groups = pattern.GetGroupNumbers().Length - 1;
        return groups == 1
            ? pattern
            : throw new ArgumentException(FormattableString.Invariant($"expected '{ByFolder}' or a regular expression with one group in parentheses, such as 'patient(\\d+)_', found {groups} groups in '{rule}'"));
    }

    private static Func<ImageSample, string?> Group(ImageDataset images, string root, string rule)
    {
        if (Parse(rule) is { } pattern)
        {
            return sample =>
            {
                try
                {
                    return pattern.Match(Path.GetFileName(sample.Path)) is { Success: true } match && match.Groups[1].Success ? match.Groups[1].Value : null;
                }
                catch (RegexMatchTimeoutException e)
                {
                    throw new UsageException($"--group: '{rule}' takes too long on {sample.Path}: {e.Message}");
                }
            };
        }

        return sample =>
        {
            string[] parts = Path.GetRelativePath(root, sample.Path).Split(Path.DirectorySeparatorChar);
            int below = Array.IndexOf(parts, images.ClassNames[sample.Label].Split('/')[^1]) + 1;
            return below < parts.Length - 1 ? parts[below] : null;
        };
    }
}
