using MLClassify.Common;

namespace MLClassify;

public sealed partial class ImageDataset
{
    /// <summary>
    /// Splits at random, stratified: each class gives the same share, at least one picture when it has two or more, and never all of
    /// them. The result depends on the files' names and the seed alone.
    /// </summary>
    /// <param name="validationFraction">The share for validation, above 0 and below 1.</param>
    /// <param name="seed">Decides which pictures.</param>
    /// <returns>Two disjoint datasets with the same class names, each in order of class and path.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not above 0 and below 1.</exception>
    public (ImageDataset Train, ImageDataset Validation) Split(double validationFraction, long seed = 42)
    {
        if (!(validationFraction > 0 && validationFraction < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(validationFraction), validationFraction, "The validation fraction is not above 0 and below 1.");
        }

        return SplitClasses((label, count) =>
        {
            int wanted = (int)Math.Round(count * validationFraction, MidpointRounding.AwayFromZero);
            int validation = count < 2 ? 0 : Math.Clamp(wanted, 1, count - 1);
            int[] order = [.. Enumerable.Range(0, count)];
            new CounterRandom(seed, label).Shuffle<int>(order);
            bool[] chosen = new bool[count];
            foreach (int index in order.AsSpan(0, validation))
            {
                chosen[index] = true;
            }

            return chosen;
        });
    }

    /// <summary>Splits by position: of each class, sorted by path (ordinal), the files 0, n, 2n, ... go to validation.</summary>
    /// <param name="n">The step, at least 2.</param>
    /// <returns>Two disjoint datasets with the same class names, each in order of class and path.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The step is below 2.</exception>
    public (ImageDataset Train, ImageDataset Validation) SplitEvery(int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 2);
        return SplitClasses((_, count) => [.. Enumerable.Range(0, count).Select(index => index % n == 0)]);
    }

    private (ImageDataset Train, ImageDataset Validation) SplitClasses(Func<int, int, bool[]> choose)
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

        return (new ImageDataset(ClassNames, train), new ImageDataset(ClassNames, validation));
    }
}
