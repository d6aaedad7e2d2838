using System.Globalization;
using System.Security.Cryptography;

namespace MLClassify.Imaging.Tests;

/// <summary>Holds the decoders to the decoder cases of the measuring data, a test per folder and one that no row is left out.</summary>
public class IndexCsvTests
{
    // The measuring data's allowance for JPEG against libjpeg-turbo: levels a channel, and levels on average.
    private const int LargestDifference = 3;
    private const double LargestMean = 0.6;

    // A crafted file may not buy more memory than this.
    private const long MostAllocated = 32 << 20;

    private static readonly string[] Folders = ["png", "jpeg", "exif", "broken"];

    [DataFact]
    public void Index_AllRows_BelongToATestedFolder() => Assert.All(Rows(), row => Assert.Contains(row.Folder, Folders));

    [DataFact]
    public void Decode_PngRows_MeetTheirExpectation() => CheckFolder("png", 163);

    [DataFact]
    public void Decode_JpegRows_MeetTheirExpectation() => CheckFolder("jpeg", 42);

    [DataFact]
    public void Decode_ExifRows_MeetTheirExpectation() => CheckFolder("exif", 18);

    [DataFact]
    public void Decode_BrokenRows_MeetTheirExpectation() => CheckFolder("broken", 26);

    private static void CheckFolder(string folder, int leastRows)
    {
        IndexRow[] rows = Rows().Where(row => row.Folder == folder).ToArray();
        Assert.True(rows.Length >= leastRows, $"index.csv has {rows.Length} rows in {folder}, expected at least {leastRows}");

        string[] failures = rows
            .Select(row => (row.File, Problem: Check(row)))
            .Where(result => result.Problem is not null)
            .Select(result => $"{result.File}: {result.Problem}")
            .ToArray();
        Assert.True(failures.Length == 0, $"{folder}: {failures.Length} of {rows.Length} failed\n{string.Join('\n', failures)}");
    }

    private static string? Check(IndexRow row)
    {
        byte[] encoded = File.ReadAllBytes(SharedData.Path("images", row.File));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Image? image = null;
        Exception? error = null;
        try
        {
            image = Image.Decode(encoded);
        }
        catch (Exception e)
        {
            error = e;
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > MostAllocated)
        {
            return $"allocated {allocated} bytes";
        }

        if (error is not (null or InvalidImageException or UnsupportedImageException))
        {
            return $"leaked {error}";
        }

        return row.Expect switch
        {
            "no-crash" => null,
            "reject" => error is null ? "was decoded, expected an error" : null,
            "ok" when error is not null => $"refused: {error.Message}",
            "ok" => Compare(row, image!),
            _ => $"the index expects '{row.Expect}', which is not known",
        };
    }

    private static string? Compare(IndexRow row, Image image)
    {
        bool sameSize = image.Width == row.Width && image.Height == row.Height;
        if (!sameSize)
        {
            return $"is {image.Width} x {image.Height}, expected {row.Width} x {row.Height}";
        }

        if (row.Sha256.Length > 0)
        {
            string sha = Convert.ToHexStringLower(SHA256.HashData(image.Pixels));
            return sha == row.Sha256 ? null : $"gives other pixels, with SHA-256 {sha}";
        }

        string reference = SharedData.Path("images", Path.ChangeExtension(row.File, ".reference.png"));
        return File.Exists(reference) ? Compare(image, Image.Load(reference)) : null;
    }

    private static string? Compare(Image image, Image reference)
    {
        bool sameSize = image.Width == reference.Width && image.Height == reference.Height;
        if (!sameSize)
        {
            return $"the reference is {reference.Width} x {reference.Height}";
        }

        int largest = 0;
        long sum = 0;
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            int difference = Math.Abs(image.Pixels[i] - reference.Pixels[i]);
            largest = Math.Max(largest, difference);
            sum += difference;
        }

        double mean = (double)sum / image.Pixels.Length;
        return largest <= LargestDifference && mean <= LargestMean
            ? null
            : $"differs from its reference by {largest} levels, {mean:F3} on average; allowed are {LargestDifference} and {LargestMean}";
    }

    private static IEnumerable<IndexRow> Rows() => File.ReadLines(SharedData.Path("images", "index.csv")).Skip(1).Select(IndexRow.Parse);

    private sealed record IndexRow(string File, string Expect, int Width, int Height, string Sha256)
    {
        public string Folder => File[..File.IndexOf('/')];

        public static IndexRow Parse(string line)
        {
            string[] cells = line.Split(',');
            return new IndexRow(cells[0], cells[1], Number(cells[3]), Number(cells[4]), cells[5]);
        }

        private static int Number(string cell) => cell.Length == 0 ? 0 : int.Parse(cell, CultureInfo.InvariantCulture);
    }
}
