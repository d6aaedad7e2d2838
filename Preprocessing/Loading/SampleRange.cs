using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using MLClassify.Imaging;

namespace MLClassify.Preprocessing.Loading;

/// <summary>How many of 16 bits a dataset's images use: cameras of 10 or 12 bits often write their values as they are.</summary>
internal static class SampleRange
{
    // A folder's images come from one camera: where none of these has 16 bits, there is nothing to find.
    private const int Looked = 64;

    /// <summary>Finds the largest value of all PNG files with 16 bits a sample.</summary>
    /// <param name="dataset">The images; those that cannot be read are left out.</param>
    /// <param name="threads">Files read at once; all cores when 0.</param>
    /// <returns>
    /// That of all bits that are used, 255 at least, such as 4,095; null where there are no such files, all are black, or the highest bit is used.
    /// </returns>
    [SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "reads files; each item writes its own place, and the largest of all does not depend on the order")]
    public static int? Find(ImageDataset dataset, int threads)
    {
        int looked = Math.Min(dataset.Count, Looked);
        if (!Enumerable.Range(0, looked).Any(i => Read(dataset.Samples[(int)((long)i * dataset.Count / looked)], isDecoded: false) > 0))
        {
            return null;
        }

        int[] largest = new int[dataset.Count];
        Parallel.For(
            0, largest.Length, new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount }, i => largest[i] = Read(dataset.Samples[i], isDecoded: true));
        int bits = BitOperations.Log2((uint)largest.Max()) + 1;
        return largest.Max() == 0 || bits >= 16 ? null : Math.Max((1 << bits) - 1, byte.MaxValue);
    }

    // Without decoding, 1 for a file of 16 bits.
    private static int Read(ImageSample sample, bool isDecoded)
    {
        try
        {
            using (Stream stream = sample.OpenRead())
            {
                if (!ImageHeader.HasSixteenBits(stream))
                {
                    return 0;
                }
            }

            return isDecoded ? sample.LoadImage().LargestSample() : 1;
        }
        catch (Exception e) when (e is InvalidImageException or UnsupportedImageException or IOException or UnauthorizedAccessException)
        {
            // Whoever loads it says why it cannot be read.
            return 0;
        }
    }
}
