using MLClassify.Common;
using MLClassify.Datasets;

namespace MLClassify;

public sealed partial class ImageDataset
{
    /// <summary>
    /// Splits at random, stratified: each class gives the same share, at least one image when it has two or more, and never all of
    /// them. Groups (<see cref="ImageSample.Group"/>) are kept together, and the shares are as near as they allow. The result depends on the
    /// files' names, their groups and the seed alone.
    /// </summary>
    /// <param name="validationFraction">The share for validation, above 0 and below 1.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>Two disjoint datasets with the same class names, each in order of class and path.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not above 0 and below 1.</exception>
    public (ImageDataset Train, ImageDataset Validation) Split(double validationFraction, long seed = 42)
    {
        if (!(validationFraction > 0 && validationFraction < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(validationFraction), validationFraction, "The validation fraction is not above 0 and below 1.");
        }

        string rule = FormattableString.Invariant($"{100 * validationFraction:0.##} % of each class, at random, seed {seed}");
        if (HasGroups)
        {
            SplitUnit[] units = SplitUnit.Of(Samples);
            bool[] chosen = GroupedSplit.Draw(units, validationFraction, seed);
            return SplitUnits(rule, units, unit => chosen[unit]);
        }

        return SplitClasses(rule, (label, count) => Draw(label, count, validationFraction, seed));
    }

    /// <summary>Which members of a class a random split holds out: a share, at least one of two or more, and never all.</summary>
    /// <param name="label">The class.</param>
    /// <param name="count">Its members.</param>
    /// <param name="fraction">The share.</param>
    /// <param name="seed">The seed.</param>
    internal static bool[] Draw(int label, int count, double fraction, long seed)
    {
        int wanted = (int)Math.Round(count * fraction, MidpointRounding.AwayFromZero);
        int drawn = count < 2 ? 0 : Math.Clamp(wanted, 1, count - 1);
        int[] order = [.. Enumerable.Range(0, count)];
        new CounterRandom(seed, label).Shuffle<int>(order);
        bool[] chosen = new bool[count];
        foreach (int index in order.AsSpan(0, drawn))
        {
            chosen[index] = true;
        }

        return chosen;
    }

    /// <summary>
    /// Holds out every Nth file of each class for validation: of the files sorted by path (ordinal), numbers 0, n, 2n, ... A group counts as
    /// one file, its first.
    /// </summary>
    /// <param name="n">The step, at least 2.</param>
    /// <returns>Two disjoint datasets with the same class names, each in order of class and path.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The step is below 2.</exception>
    public (ImageDataset Train, ImageDataset Validation) HoldOutEveryNth(int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 2);
        string rule = FormattableString.Invariant($"file 1, {n + 1}, {(2 * n) + 1}, ... of each class, sorted by path");
        if (HasGroups)
        {
            SplitUnit[] units = SplitUnit.Of(Samples);
            bool[] chosen = GroupedSplit.EveryNth(units, n);
            return SplitUnits(rule, units, unit => chosen[unit]);
        }

        return SplitClasses(rule, (_, count) => [.. Enumerable.Range(0, count).Select(index => index % n == 0)]);
    }

    /// <summary>
    /// Splits at random into folds, stratified: every image is held out once, and the folds' shares of each class differ by an image at
    /// most. Groups are kept together, and the shares are as near as they allow. The result depends on the files' names, their groups and the seed alone.
    /// </summary>
    /// <param name="folds">The number of folds, at least 2.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>For each fold the other folds' images and its own, with the same class names, each in order of class and path.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two folds.</exception>
    public IReadOnlyList<(ImageDataset Train, ImageDataset HeldOut)> Folds(int folds, long seed = 42)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        string Rule(int fold) => FormattableString.Invariant($"fold {fold + 1} of {folds} of each class, at random, seed {seed}");
        if (HasGroups)
        {
            SplitUnit[] units = SplitUnit.Of(Samples);
            int[] assigned = GroupedSplit.Deal(units, folds, seed);
            return [.. Enumerable.Range(0, folds).Select(fold => SplitUnits(Rule(fold), units, unit => assigned[unit] == fold))];
        }

        // Every class begins with another fold, lest the first folds be the largest of many small classes.
        int[] first = new int[ClassNames.Count];
        int[] perClass = CountPerClass();
        for (int label = 1; label < first.Length; label++)
        {
            first[label] = (first[label - 1] + perClass[label - 1]) % folds;
        }

        return
        [
            .. Enumerable.Range(0, folds).Select(fold => SplitClasses(Rule(fold), (label, count) =>
            {
                int[] order = [.. Enumerable.Range(0, count)];
                new CounterRandom(seed, label).Shuffle<int>(order);
                bool[] chosen = new bool[count];
                for (int i = 0; i < count; i++)
                {
                    chosen[order[i]] = (first[label] + i) % folds == fold;
                }

                return chosen;
            })),
        ];
    }

    private (ImageDataset Train, ImageDataset Validation) SplitClasses(string rule, Func<int, int, bool[]> choose)
    {
        var train = new List<ImageSample>(Samples.Count);
        var validation = new List<ImageSample>();
        foreach (IGrouping<int, ImageSample> group in Samples.GroupBy(sample => sample.Label).OrderBy(group => group.Key))
        {
            ImageSample[] members = [.. group.OrderBy(sample => sample.Path, StringComparer.Ordinal)];
            bool[] chosen = choose(group.Key, members.Length);
            for (int i = 0; i < members.Length; i++)
            {
                (chosen[i] ? validation : train).Add(members[i]);
            }
        }

        return Parts(rule, train, validation);
    }
}
