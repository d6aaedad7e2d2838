namespace MLClassify.Common;

/// <summary>Finds what a misspelt name was meant to be.</summary>
public static class NearestName
{
    /// <summary>The known name that is nearest to one that is unknown, if it is near: at most a third of its letters differ.</summary>
    /// <param name="name">The unknown name, in any letter case.</param>
    /// <param name="known">The known names.</param>
    /// <returns>The nearest, of equally near ones the first; null where none is near.</returns>
    public static string? Find(string name, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(known);
        (string? best, int distance) = (null, Math.Max(1, name.Length / 3) + 1);
        foreach (string candidate in known)
        {
            // Only a part of a long text can be near.
            if (Math.Abs(candidate.Length - name.Length) < distance && Distance(name, candidate) is int found && found < distance)
            {
                (best, distance) = (candidate, found);
            }
        }

        return best;
    }

    // Letters inserted, deleted, replaced, or exchanged with the next one (optimal string alignment).
    private static int Distance(string a, string b)
    {
        int[] beforeLast = new int[b.Length + 1];
        int[] last = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int[] row = new int[b.Length + 1];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = last[j - 1] + (Same(a[i - 1], b[j - 1]) ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                {
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
                }
            }

            (beforeLast, last) = (last, row);
        }

        return last[b.Length];
    }

    private static bool Same(char a, char b) => char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}
