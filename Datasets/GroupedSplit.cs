using MLClassify.Common;

namespace MLClassify.Datasets;

/// <summary>
/// Splits that keep groups together, as stratified as the groups allow. A class all of whose images are in one group cannot be both learned
/// and held out, and is learned.
/// </summary>
internal static class GroupedSplit
{
    // Classes shuffle by streams from 0 on.
    private const long Stream = long.MinValue / 4;

    /// <summary>Draws units until each class's share is as near as they allow.</summary>
    /// <param name="units">The units.</param>
    /// <param name="fraction">The share.</param>
    /// <param name="seed">Decides the order in which they are drawn.</param>
    /// <returns>Which units are held out.</returns>
    public static bool[] Draw(SplitUnit[] units, double fraction, long seed)
    {
        int classes = ClassCount(units);
        int[] images = new int[classes];
        int[] learned = new int[classes];
        foreach ((int label, int count) in units.SelectMany(unit => unit.Classes))
        {
            images[label] += count;
            learned[label]++;
        }

        int[] held = new int[classes];
        bool[] chosen = new bool[units.Length];
        int[] wanted = [.. images.Select((count, label) => learned[label] < 2 ? 0 : Math.Clamp((int)Math.Round(count * fraction, MidpointRounding.AwayFromZero), 1, count - 1))];
        int[] order = Shuffled(units.Length, seed);
        void HoldOut(int unit)
        {
            chosen[unit] = true;
            foreach ((int label, int count) in units[unit].Classes)
            {
                held[label] += count;
                learned[label]--;
            }
        }

        bool MayHoldOut(int unit) => !chosen[unit] && units[unit].Classes.All(own => learned[own.Label] > 1);
        foreach (int unit in order.Where(MayHoldOut))
        {
            int change = units[unit].Classes.Sum(own => Math.Abs(held[own.Label] + own.Count - wanted[own.Label]) - Math.Abs(held[own.Label] - wanted[own.Label]));
            if (change < 0)
            {
                HoldOut(unit);
            }
        }

        // A class of few large groups: the smallest of them, rather than none.
        for (int label = 0; label < classes; label++)
        {
            if (held[label] == 0 && wanted[label] > 0
                && order.Where(unit => MayHoldOut(unit) && units[unit].Classes.Any(own => own.Label == label)).OrderBy(unit => units[unit].Samples.Count).Select(unit => (int?)unit).FirstOrDefault() is { } smallest)
            {
                HoldOut(smallest);
            }
        }

        return chosen;
    }

    /// <summary>Holds out every Nth unit among those that begin with the same class, where the class has others.</summary>
    /// <param name="units">The units, in order.</param>
    /// <param name="n">The step.</param>
    public static bool[] EveryNth(SplitUnit[] units, int n)
    {
        var seen = new Dictionary<int, int>();
        Dictionary<int, int> learned = units.SelectMany(unit => unit.Classes).CountBy(own => own.Label).ToDictionary();
        bool[] chosen = new bool[units.Length];
        for (int i = 0; i < units.Length; i++)
        {
            int label = units[i].Samples[0].Label;
            int place = seen.GetValueOrDefault(label);
            seen[label] = place + 1;
            chosen[i] = place % n == 0 && units[i].Classes.All(own => learned[own.Label] > 1);
            foreach ((int own, _) in chosen[i] ? units[i].Classes : [])
            {
                learned[own]--;
            }
        }

        return chosen;
    }

    /// <summary>Deals units to folds, large ones first, each to the fold that has least of its classes.</summary>
    /// <param name="units">The units.</param>
    /// <param name="folds">The number of folds.</param>
    /// <param name="seed">Decides among equal ones.</param>
    /// <returns>Each unit's fold.</returns>
    public static int[] Deal(SplitUnit[] units, int folds, long seed)
    {
        double[] images = new double[ClassCount(units)];
        foreach ((int label, int count) in units.SelectMany(unit => unit.Classes))
        {
            images[label] += count;
        }

        double[,] held = new double[folds, images.Length];
        int[] sizes = new int[folds];
        int[] assigned = new int[units.Length];
        foreach (int unit in Shuffled(units.Length, seed).OrderByDescending(unit => units[unit].Samples.Count))
        {
            int fold = Enumerable.Range(0, folds).OrderBy(f => units[unit].Classes.Sum(own => held[f, own.Label] * own.Count / images[own.Label])).ThenBy(f => sizes[f]).First();
            assigned[unit] = fold;
            sizes[fold] += units[unit].Samples.Count;
            foreach ((int label, int count) in units[unit].Classes)
            {
                held[fold, label] += count;
            }
        }

        return assigned;
    }

    private static int ClassCount(SplitUnit[] units) => units.SelectMany(unit => unit.Classes).Select(own => own.Label + 1).DefaultIfEmpty().Max();

    private static int[] Shuffled(int count, long seed)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        new CounterRandom(seed, Stream).Shuffle<int>(order);
        return order;
    }
}
