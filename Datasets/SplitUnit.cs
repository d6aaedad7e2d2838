namespace MLClassify.Datasets;

/// <summary>Images that a split keeps together: a group, or an image that is in none.</summary>
/// <param name="Samples">The images, in order of class and path.</param>
internal sealed record SplitUnit(IReadOnlyList<ImageSample> Samples)
{
    /// <summary>How many images of each class there are, the first image's class first.</summary>
    public IReadOnlyList<(int Label, int Count)> Classes { get; } =
        [.. Samples.GroupBy(sample => sample.Label).Select(own => (own.Key, own.Count()))];

    /// <summary>The units of images, in order of their first image's class and path.</summary>
    /// <param name="samples">The images.</param>
    public static SplitUnit[] Of(IEnumerable<ImageSample> samples)
    {
        var groups = new Dictionary<string, List<ImageSample>>(StringComparer.Ordinal);
        var units = new List<List<ImageSample>>();
        foreach (ImageSample sample in samples.OrderBy(sample => sample.Label).ThenBy(sample => sample.Path, StringComparer.Ordinal))
        {
            if (sample.Group is { } name && groups.TryGetValue(name, out List<ImageSample>? own))
            {
                own.Add(sample);
                continue;
            }

            own = [sample];
            units.Add(own);
            if (sample.Group is { } first)
            {
                groups.Add(first, own);
            }
        }

        return [.. units.Select(unit => new SplitUnit(unit))];
    }
}
