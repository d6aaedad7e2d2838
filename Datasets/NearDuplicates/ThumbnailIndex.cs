using System.Numerics;
using System.Runtime.InteropServices;

namespace MLClassify.Datasets;

/// <summary>Pairs of images that share distinctive places, found without comparing each with each.</summary>
internal static class ThumbnailIndex
{
    // Places meet where a third of their bits is equal.
    private const int Bands = 3;
    private const int BandBits = 21;
    private const int LeastMeetings = 2;

    // Among so many that look alike all pairs are compared; of more, each with those that come next.
    private const int LargestBucket = 64;
    private const int Neighbors = 16;

    /// <summary>The pairs worth comparing, in order.</summary>
    /// <param name="images">The images; null where one could not be read.</param>
    public static IReadOnlyList<(int First, int Second)> Candidates(IReadOnlyList<ImageThumbnail?> images)
    {
        (int Image, ulong Bits)[] places = [.. images.SelectMany((image, i) => (image?.Keypoints ?? []).Select(place => (i, place.Bits)))];
        var meetings = new Dictionary<(int First, int Second), int>();
        for (int band = 0; band < Bands; band++)
        {
            int shift = band * BandBits;
            int Key(ulong bits) => (int)(bits >> shift) & ((1 << BandBits) - 1);
            int[] keys = [.. places.Select(place => Key(place.Bits))];
            int[] order = [.. Enumerable.Range(0, places.Length)];
            Array.Sort(keys, order);
            for (int from = 0, to; from < keys.Length; from = to)
            {
                for (to = from + 1; to < keys.Length && keys[to] == keys[from]; to++)
                {
                }

                int[] bucket = order[from..to];
                Array.Sort(bucket);
                Meet(places, bucket, meetings);
            }
        }

        return [.. meetings.Where(pair => pair.Value >= LeastMeetings).Select(pair => pair.Key).Order()];
    }

    private static void Meet((int Image, ulong Bits)[] places, int[] bucket, Dictionary<(int First, int Second), int> meetings)
    {
        int reach = bucket.Length <= LargestBucket ? bucket.Length : Neighbors;
        for (int i = 0; i < bucket.Length; i++)
        {
            (int image, ulong bits) = places[bucket[i]];
            for (int j = i + 1; j < bucket.Length && j - i <= reach; j++)
            {
                (int other, ulong otherBits) = places[bucket[j]];
                if (other != image && BitOperations.PopCount(bits ^ otherBits) <= ThumbnailMatch.MostBits)
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(meetings, (image, other), out _)++;
                }
            }
        }
    }
}
