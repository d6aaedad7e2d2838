using MLClassify.Datasets;

namespace MLClassify;

public sealed partial class ImageDataset
{
    /// <summary>How many groups of two or more images there are, and how many images are in them.</summary>
    public (int Groups, int Images) CountGroups()
    {
        int[] sizes = [.. Samples.Where(sample => sample.Group is not null).CountBy(sample => sample.Group!).Select(own => own.Value).Where(count => count > 1)];
        return (sizes.Length, sizes.Sum());
    }

    /// <summary>The same images in groups: images of one thing, such as a patient's or a burst's, which every split keeps on one side.</summary>
    /// <param name="group">An image's group; null where it is in none.</param>
    public ImageDataset WithGroups(Func<ImageSample, string?> group)
    {
        ArgumentNullException.ThrowIfNull(group);
        return new ImageDataset(ClassNames, Samples.Select(sample => sample with { Group = group(sample) })) { SplitRule = SplitRule };
    }

    /// <summary>The same images, some of which are kept on one side of every split, with all that are in a group with one of them.</summary>
    /// <param name="sets">The images that belong together, such as near-duplicates; those that are not in the dataset do not count.</param>
    public ImageDataset KeepTogether(IEnumerable<IReadOnlyList<ImageSample>> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        var joined = new DisjointSets(Count);
        var bySample = new Dictionary<ImageSample, int>();
        var byGroup = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < Count; i++)
        {
            bySample.TryAdd(Samples[i], i);
            if (Samples[i].Group is { } group && !byGroup.TryAdd(group, i))
            {
                joined.Join(byGroup[group], i);
            }
        }

        var together = new HashSet<int>();
        foreach (IReadOnlyList<ImageSample> set in sets)
        {
            int[] members = [.. set.Where(bySample.ContainsKey).Select(sample => bySample[sample])];
            foreach (int member in members)
            {
                joined.Join(members[0], member);
                together.Add(member);
            }
        }

        // A group's own name stays where it has one.
        HashSet<int> roots = [.. together.Select(joined.Find)];
        Dictionary<int, string> names = Enumerable.Range(0, Count).Where(i => roots.Contains(joined.Find(i))).GroupBy(joined.Find)
            .ToDictionary(set => set.Key, set => set.Select(i => Samples[i].Group).FirstOrDefault(name => name is not null) ?? Samples[set.Key].Path);
        return new ImageDataset(ClassNames, Samples.Select((sample, i) => names.TryGetValue(joined.Find(i), out string? name) ? sample with { Group = name } : sample)) { SplitRule = SplitRule };
    }

    private bool HasGroups => Samples.Any(sample => sample.Group is not null);

    private (ImageDataset Train, ImageDataset Validation) SplitUnits(string rule, SplitUnit[] units, Func<int, bool> isHeldOut)
    {
        ImageSample[] Side(bool held) =>
        [
            .. units.Where((_, unit) => isHeldOut(unit) == held).SelectMany(unit => unit.Samples)
                .OrderBy(sample => sample.Label).ThenBy(sample => sample.Path, StringComparer.Ordinal),
        ];
        return Parts(rule + ", groups kept together", Side(held: false), Side(held: true));
    }

    private (ImageDataset Train, ImageDataset Validation) Parts(string rule, IEnumerable<ImageSample> train, IEnumerable<ImageSample> validation) =>
        (new ImageDataset(ClassNames, train) { SplitRule = SplitRule },
         new ImageDataset(ClassNames, validation) { SplitRule = SplitRule is null ? rule : $"{rule}, after {SplitRule}" });
}
