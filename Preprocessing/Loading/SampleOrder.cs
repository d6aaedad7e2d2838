using MLClassify.Common;

namespace MLClassify.Preprocessing.Loading;

/// <summary>
/// The order of an epoch's samples. An entry is a sample's position plus the samples' number times how often it came before in the epoch,
/// so that a sample that is drawn twice can be changed in two ways.
/// </summary>
internal static class SampleOrder
{
    /// <summary>Writes an epoch's order, as many entries as there are samples: a pure function of the arguments.</summary>
    /// <param name="order">Receives the entries.</param>
    /// <param name="labels">The samples' classes.</param>
    /// <param name="shuffle">Whether the order is random; else, and without balance, it is the samples' own.</param>
    /// <param name="balance">Whether every class that has samples is drawn equally often, to within one draw; implies a random order.</param>
    /// <param name="seed">Decides.</param>
    /// <param name="epoch">Decides.</param>
    public static void Fill(Span<long> order, ReadOnlySpan<int> labels, bool shuffle, bool balance, long seed, int epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(order.Length, labels.Length);
        if (balance)
        {
            Balance(order, labels, seed, epoch);
        }
        else
        {
            for (int i = 0; i < order.Length; i++)
            {
                order[i] = i;
            }
        }

        if (shuffle || balance)
        {
            // The images' own streams have indices from 0.
            new CounterRandom(seed, epoch, -1).Shuffle(order);
        }
    }

    private static void Balance(Span<long> order, ReadOnlySpan<int> labels, long seed, int epoch)
    {
        var members = new SortedDictionary<int, List<int>>();
        for (int i = 0; i < labels.Length; i++)
        {
            if (!members.TryGetValue(labels[i], out List<int>? list))
            {
                members.Add(labels[i], list = []);
            }

            list.Add(i);
        }

        int written = 0;
        int place = 0;
        foreach ((int label, List<int> list) in members)
        {
            // What does not divide goes to other classes in the next epoch.
            int turn = (int)(((long)place + epoch) % members.Count);
            int draws = (labels.Length / members.Count) + (turn < labels.Length % members.Count ? 1 : 0);
            int[] shuffled = [.. list];
            new CounterRandom(seed, epoch, -2L - label).Shuffle<int>(shuffled);
            for (int draw = 0; draw < draws; draw++)
            {
                order[written++] = shuffled[draw % shuffled.Length] + ((long)(draw / shuffled.Length) * labels.Length);
            }

            place++;
        }
    }
}
