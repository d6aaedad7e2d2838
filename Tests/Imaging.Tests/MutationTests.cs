using MLClassify.Imaging.Tests.Golden;
using MLClassify.Imaging.Tests.Png;

namespace MLClassify.Imaging.Tests;

/// <summary>Seeded mutations of sound files: whatever comes out of them, only the documented errors may escape.</summary>
public class MutationTests
{
    private const int Mutations = 400;

    public static TheoryData<string> Names => new(GoldenFiles.All.Select(file => file.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Decode_MutatedGoldenFile_GivesAnImageOrAClearError(string name)
    {
        byte[] file = GoldenFiles.Read(name);
        var random = new Random(file.Length);
        int refused = 0;
        for (int i = 0; i < Mutations; i++)
        {
            if (!Hostile.DecodeOrRefuse(Mutate(file, random)))
            {
                refused++;
            }
        }

        // Truncations alone see to it; without any refusal the mutations would not reach the decoder.
        Assert.InRange(refused, 1, Mutations);
    }

    [Fact]
    public void Decode_MutatedChunksWithSoundChecksums_GivesAnImageOrAClearError()
    {
        var random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 1000; i++)
        {
            PngImage image = PngImage.Create(random);
            byte[] header = TestPng.Header(image.Width, image.Height, image.BitDepth, (byte)image.ColorType, image.Interlaced);
            byte[] rows = image.FilteredRows(random);
            byte[] palette = image.Palette;
            switch (random.Next(3))
            {
                case 0:
                    header = Mutate(header, random);
                    break;
                case 1:
                    rows = Mutate(rows, random);
                    break;
                default:
                    palette = palette.Length == 0 ? palette : Mutate(palette, random);
                    break;
            }

            bool decoded = Hostile.DecodeOrRefuse(TestPng.File(
                TestPng.Chunk("IHDR", header),
                palette.Length == 0 ? [] : TestPng.Chunk("PLTE", palette),
                TestPng.Chunk("IDAT", TestPng.Deflate(rows)),
                TestPng.Chunk("IEND")));
            if (!decoded)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 100, 950);
    }

    private static byte[] Mutate(byte[] file, Random random)
    {
        byte[] mutated = file.ToArray();
        int edits = 1 + random.Next(4);
        for (int i = 0; i < edits && mutated.Length > 1; i++)
        {
            // Half of the edits fall into the first bytes: headers decide more than pixels.
            int at = random.Next(random.Next(2) == 0 ? Math.Min(64, mutated.Length) : mutated.Length);
            switch (random.Next(6))
            {
                case 0:
                    mutated[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    mutated[at] = (byte)random.Next(256);
                    break;
                case 2:
                    mutated[at] = random.Next(2) == 0 ? (byte)0 : (byte)255;
                    break;
                case 3:
                    mutated = mutated[..Math.Max(1, at)];
                    break;
                case 4:
                    mutated = [.. mutated[..at], (byte)random.Next(256), .. mutated[at..]];
                    break;
                default:
                    mutated = [.. mutated[..at], .. mutated[Math.Min(mutated.Length, at + 1 + random.Next(8))..]];
                    break;
            }
        }

        return mutated;
    }
}
