using MLClassify.Imaging.Jpeg;

namespace MLClassify.Imaging.Tests.Jpeg;

/// <summary>Damages small files in every way that a file gets damaged, and by ill will: only the two documented errors may come out, and memory stays bounded.</summary>
public class JpegMutationTests
{
    private const int Rounds = 300;
    private static readonly DecodeOptions Options = new() { MaxPixels = 1 << 20 };

    [Fact]
    public void Decode_MutatedFiles_DecodeOrFailClearly()
    {
        string[] names = [.. GoldenFiles.Names.Where((_, i) => i % 3 == 0)];
        Random random = new(20240607);
        int decoded = 0;
        int refused = 0;
        long most = 0;
        foreach (string name in names)
        {
            byte[] original = GoldenFiles.Encoded(name);
            byte[] other = GoldenFiles.Encoded(names[random.Next(names.Length)]);
            for (int i = 0; i < Rounds; i++)
            {
                byte[] mutated = Mutate(original, other, random);
                long before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    Image image = JpegDecoder.Decode(mutated, Options);
                    Assert.InRange((long)image.Width * image.Height, 1, Options.MaxPixels);
                    decoded++;
                }
                catch (Exception error) when (error is InvalidImageException or UnsupportedImageException)
                {
                    refused++;
                }

                most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - before);
            }
        }

        Assert.InRange(decoded, 100, int.MaxValue);
        Assert.InRange(refused, 100, int.MaxValue);
        Assert.InRange(most, 0, 16 << 20);
    }

    private static byte[] Mutate(byte[] original, byte[] other, Random random)
    {
        byte[] file = [.. original];
        for (int i = random.Next(1, 4); i > 0 && file.Length > 8; i--)
        {
            int at = random.Next(2, file.Length - 4);
            int length = random.Next(1, Math.Min(64, file.Length - at));
            switch (random.Next(8))
            {
                case 0:
                    file[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    file[at] = (byte)random.Next(256);
                    break;
                case 2:
                    file = file[..at];
                    break;
                case 3:
                    file = JpegBytes.Insert(file, at, file[at..(at + length)]);
                    break;
                case 4:
                    file = [.. file[..at], .. file[(at + length)..]];
                    break;
                case 5:
                    file = JpegBytes.Insert(file, at, 0xFF, (byte)random.Next(0xC0, 0xFF), 0, (byte)random.Next(64));
                    break;
                case 6:
                    DamageHeader(file, random);
                    break;
                default:
                    file = [.. file[..at], .. other[random.Next(2, other.Length)..]];
                    break;
            }
        }

        return file;
    }

    /// <summary>Changes one of the first bytes after a marker, where sizes, factors and table indices are.</summary>
    private static void DamageHeader(byte[] file, Random random)
    {
        ReadOnlySpan<byte> markers = [0xC0, 0xC1, 0xC2, 0xC4, 0xDA, 0xDB, 0xDD, 0xE1, 0xEE];
        int marker = JpegBytes.IndexOf(file, markers[random.Next(markers.Length)]);
        int at = marker + random.Next(2, 20);
        if (marker >= 0 && at < file.Length)
        {
            file[at] = (byte)random.Next(random.Next(2) == 0 ? 256 : 18);
        }
    }
}
