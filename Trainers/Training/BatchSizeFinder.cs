namespace MLClassify.Trainers;

/// <summary>Finds a batch that fits into the memory, by doubling and halving.</summary>
internal static class BatchSizeFinder
{
    /// <summary>The largest that is taken: more would make fewer steps of an epoch, not faster ones.</summary>
    public const int Largest = 256;

    private const int First = 32;

    /// <summary>The largest power of two that fits, up to <see cref="Largest"/> and the number of images.</summary>
    /// <param name="images">Training images.</param>
    /// <param name="fits">Tries a batch.</param>
    /// <exception cref="InsufficientMemoryException">Not even one image fits.</exception>
    public static int Find(int images, Func<int, bool> fits)
    {
        int most = 1;
        while (2 * most <= Math.Min(images, Largest))
        {
            most *= 2;
        }

        int size = Math.Min(First, most);
        if (!fits(size))
        {
            return Below(size, fits) ?? throw new InsufficientMemoryException("Not even a batch of one image fits into the memory.");
        }

        while (2 * size <= most && fits(2 * size))
        {
            size *= 2;
        }

        return size;
    }

    /// <summary>The first half, quarter, ... of a batch that fits; null where not even one image does.</summary>
    /// <param name="size">A batch that does not fit.</param>
    /// <param name="fits">Tries a batch.</param>
    public static int? Below(int size, Func<int, bool> fits)
    {
        for (int half = size / 2; half >= 1; half /= 2)
        {
            if (fits(half))
            {
                return half;
            }
        }

        return null;
    }
}
