using MLClassify.Common;
using MLClassify.Datasets;

namespace MLClassify.Trainers;

/// <summary>Stratified folds of the training images.</summary>
internal static class HeadFolds
{
    // Orders of epochs have index -1, images those from 0.
    private const long Stream = long.MinValue / 2;

    /// <summary>
    /// Deals the images of each class to folds in random order, each class going on where the one before ended. The only image of a class
    /// is in no fold: without it the class could not be learned.
    /// </summary>
    /// <param name="labels">Each image's class.</param>
    /// <param name="classes">Classes.</param>
    /// <param name="folds">Folds, at least 2.</param>
    /// <param name="seed">Decides.</param>
    /// <returns>Each image's fold; -1 for none.</returns>
    public static int[] Assign(ReadOnlySpan<int> labels, int classes, int folds, long seed)
    {
        int[] assigned = new int[labels.Length];
        var members = new List<long>[classes];
        for (int i = 0; i < labels.Length; i++)
        {
            (members[labels[i]] ??= []).Add(i);
        }

        int next = 0;
        for (int label = 0; label < classes; label++)
        {
            if (members[label] is not { } own)
            {
                continue;
            }

            long[] order = [.. own];
            new CounterRandom(seed, label, Stream).Shuffle(order);
            foreach (long image in order)
            {
                assigned[image] = order.Length == 1 ? -1 : next++ % folds;
            }
        }

        return assigned;
    }

    /// <summary>
    /// Deals groups of images to folds. A group without which a class could not be learned is in no fold.
    /// </summary>
    /// <param name="samples">The images with their groups.</param>
    /// <param name="folds">Folds, at least 2.</param>
    /// <param name="seed">Decides.</param>
    /// <returns>Each image's fold; -1 for none.</returns>
    public static int[] Assign(IReadOnlyList<ImageSample> samples, int folds, long seed)
    {
        SplitUnit[] units = SplitUnit.Of(samples);
        int[] dealt = GroupedSplit.Deal(units, folds, seed);
        HashSet<int> alone = [.. units.SelectMany(unit => unit.Classes).CountBy(own => own.Label).Where(own => own.Value == 1).Select(own => own.Key)];
        var byImage = new Dictionary<ImageSample, int>();
        for (int i = 0; i < units.Length; i++)
        {
            int fold = units[i].Classes.Any(own => alone.Contains(own.Label)) ? -1 : dealt[i];
            foreach (ImageSample sample in units[i].Samples)
            {
                byImage[sample] = fold;
            }
        }

        return [.. samples.Select(sample => byImage[sample])];
    }
}
