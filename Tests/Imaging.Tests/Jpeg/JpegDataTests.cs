using System.Buffers.Binary;
using System.IO.Compression;
using MLClassify.Imaging.Jpeg;

namespace MLClassify.Imaging.Tests.Jpeg;

/// <summary>The JPEG rows of the measuring data's list of decoder cases.</summary>
public class JpegDataTests
{
    private const int LargestDifference = 3;
    private const double LargestMean = 0.6;

    [DataFact]
    public void Decode_RowsExpectedOk_MatchTheirReference()
    {
        int checkedRows = 0;
        foreach (string[] row in Rows("ok"))
        {
            Image image = JpegDecoder.Decode(File.ReadAllBytes(Data(row[0])), DecodeOptions.Default);
            Assert.True((row[3], row[4]) == ($"{image.Width}", $"{image.Height}"), row[0]);
            string reference = Data(Path.ChangeExtension(row[0], ".reference.png"));
            if (!File.Exists(reference))
            {
                continue;
            }

            byte[] expected = ReadPng(reference);
            Assert.True(expected.Length == image.Pixels.Length, row[0]);
            long sum = 0;
            int largest = 0;
            for (int i = 0; i < expected.Length; i++)
            {
                int difference = Math.Abs(expected[i] - image.Pixels[i]);
                largest = Math.Max(largest, difference);
                sum += difference;
            }

            Assert.True(largest <= LargestDifference && sum <= LargestMean * expected.Length, $"{row[0]}: largest {largest}, sum {sum}");
            checkedRows++;
        }

        Assert.InRange(checkedRows, 50, int.MaxValue);
    }

    [DataFact]
    public void Decode_RowsOfBrokenFiles_DecodeOrFailClearlyInBoundedMemory()
    {
        int checkedRows = 0;
        foreach (string[] row in Rows("no-crash").Concat(Rows("reject")))
        {
            byte[] encoded = File.ReadAllBytes(Data(row[0]));
            long before = GC.GetAllocatedBytesForCurrentThread();
            Exception? error = Record.Exception(() => { JpegDecoder.Decode(encoded, DecodeOptions.Default); });

            Assert.True(error is InvalidImageException or UnsupportedImageException || (error is null && row[1] == "no-crash"), $"{row[0]}: {error}");
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 32 << 20);
            checkedRows++;
        }

        Assert.InRange(checkedRows, 10, int.MaxValue);
    }

    /// <summary>The list's JPEG files; one that is a PNG by content has a checksum instead of a reference.</summary>
    private static IEnumerable<string[]> Rows(string expectation) =>
        File.ReadLines(SharedData.Path("images", "index.csv")).Skip(1).Select(line => line.Split(','))
            .Where(row => row[1] == expectation && row[5].Length == 0 && (Path.GetExtension(row[0]) is ".jpg" or ".jpeg"));

    private static string Data(string file) => SharedData.Path(["images", .. file.Split('/')]);

    /// <summary>Reads the reference files: 8-bit gray, RGB or RGBA without interlacing, as Pillow writes them.</summary>
    private static byte[] ReadPng(string path)
    {
        ReadOnlySpan<byte> file = File.ReadAllBytes(path);
        int width = BinaryPrimitives.ReadInt32BigEndian(file[16..]);
        int height = BinaryPrimitives.ReadInt32BigEndian(file[20..]);
        int channels = file[25] switch { 0 => 1, 2 => 3, 6 => 4, _ => throw new NotSupportedException(path) };
        Assert.Equal((8, 0), (file[24], file[28]));
        using MemoryStream compressed = new();
        for (int at = 8; at < file.Length; at += 12 + BinaryPrimitives.ReadInt32BigEndian(file[at..]))
        {
            if (file.Slice(at + 4, 4).SequenceEqual("IDAT"u8))
            {
                compressed.Write(file.Slice(at + 8, BinaryPrimitives.ReadInt32BigEndian(file[at..])));
            }
        }

        compressed.Position = 0;
        using ZLibStream stream = new(compressed, CompressionMode.Decompress);
        byte[] rgb = new byte[width * height * 3];
        byte[] above = new byte[width * channels];
        byte[] line = new byte[(width * channels) + 1];
        for (int y = 0; y < height; y++)
        {
            stream.ReadExactly(line);
            Unfilter(line, above, channels);
            line.AsSpan(1).CopyTo(above);
            for (int x = 0; x < width * 3; x++)
            {
                rgb[(y * width * 3) + x] = above[(x / 3 * channels) + (channels == 1 ? 0 : x % 3)];
            }
        }

        return rgb;
    }

    private static void Unfilter(byte[] line, byte[] above, int channels)
    {
        for (int i = 1; i < line.Length; i++)
        {
            int left = i > channels ? line[i - channels] : 0;
            int up = above[i - 1];
            int corner = i > channels ? above[i - 1 - channels] : 0;
            int p = left + up - corner;
            int paeth = Math.Abs(p - left) <= Math.Abs(p - up) && Math.Abs(p - left) <= Math.Abs(p - corner) ? left
                : Math.Abs(p - up) <= Math.Abs(p - corner) ? up : corner;
            line[i] += (byte)(line[0] switch { 1 => left, 2 => up, 3 => (left + up) / 2, 4 => paeth, _ => 0 });
        }
    }
}
