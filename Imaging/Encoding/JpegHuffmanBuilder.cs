namespace MLClassify.Imaging.Encoding;

/// <summary>The shortest code for given symbol counts, no code longer than 16 bits and none of ones only: T.81 Annex K.2.</summary>
internal static class JpegHuffmanBuilder
{
    private const int Reserved = 256;
    private const int MaxLength = 16;

    /// <summary>Makes the code.</summary>
    /// <param name="counts">How often each of the 256 symbols occurs; those with 0 get no code.</param>
    public static JpegHuffmanSpec Build(ReadOnlySpan<int> counts)
    {
        int[] lengths = CodeLengths(counts);
        int[] perLength = new int[lengths.Length + 1];
        foreach (int length in lengths)
        {
            perLength[length]++;
        }

        perLength[0] = 0;
        Shorten(perLength);

        // The reserved symbol holds the all-ones code, the last of the longest; dropping it leaves that code unused.
        int longest = Array.FindLastIndex(perLength, count => count > 0);
        perLength[longest]--;

        byte[] symbols = [.. Enumerable.Range(0, Reserved).Where(symbol => lengths[symbol] > 0).OrderBy(symbol => lengths[symbol]).Select(symbol => (byte)symbol)];
        byte[] lengthCounts = [.. perLength.Skip(1).Take(MaxLength).Select(count => (byte)count)];
        return new JpegHuffmanSpec(lengthCounts, symbols);
    }

    /// <summary>Huffman's merging. Each tree is a chain of symbols, all of which get one bit longer when it is merged.</summary>
    private static int[] CodeLengths(ReadOnlySpan<int> counts)
    {
        var lengths = new int[Reserved + 1];
        var queue = new PriorityQueue<List<int>, (long Weight, int Tie)>();
        for (int symbol = 0; symbol <= Reserved; symbol++)
        {
            // The reserved symbol is rarest and, by its tie key, among equals the first to be merged: it gets a longest code.
            int count = symbol == Reserved ? 1 : counts[symbol];
            if (count > 0)
            {
                queue.Enqueue([symbol], (count, Reserved - symbol));
            }
        }

        for (int merge = Reserved + 1; queue.Count > 1; merge++)
        {
            queue.TryDequeue(out List<int>? rare, out (long Weight, int Tie) rarePriority);
            queue.TryDequeue(out List<int>? common, out (long Weight, int Tie) commonPriority);
            rare!.AddRange(common!);
            foreach (int symbol in rare)
            {
                lengths[symbol]++;
            }

            queue.Enqueue(rare, (rarePriority.Weight + commonPriority.Weight, merge));
        }

        // An image whose plane needs a single symbol still merges it with the reserved one, so that its code has a bit.
        return lengths;
    }

    /// <summary>Moves codes that are too long up the tree, two at a time: figure K.3.</summary>
    private static void Shorten(int[] perLength)
    {
        for (int length = perLength.Length - 1; length > MaxLength; length--)
        {
            while (perLength[length] > 0)
            {
                int shorter = length - 2;
                while (perLength[shorter] == 0)
                {
                    shorter--;
                }

                perLength[length] -= 2;
                perLength[length - 1]++;
                perLength[shorter + 1] += 2;
                perLength[shorter]--;
            }
        }
    }
}
