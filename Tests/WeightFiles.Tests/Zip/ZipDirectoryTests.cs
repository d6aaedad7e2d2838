using System.Buffers.Binary;
using System.IO.Compression;
using MLClassify.Common.Zip;

namespace MLClassify.WeightFiles.Tests.Zip;

public class ZipDirectoryTests
{
    private const int CompressedAt = 20;
    private const int LengthAt = 24;
    private const int FlagsAt = 8;
    private const int MethodAt = 10;
    private const int HeaderOffsetAt = 42;

    [Fact]
    public void Read_ZipOfNet_FindsItsFiles()
    {
        byte[] zip = TestFiles.Zip(CompressionLevel.Optimal, ("a/", []), ("a/b", new byte[100]), ("é", [1, 2, 3]));
        ZipDirectory directory = Read(zip);
        Assert.Equal(["a/b", "é"], directory.Items.Keys);
        Assert.Equal(new byte[100], new ZipBytes(new MemoryStream(zip), InvalidWeightsException.In("test.zip")).Read(directory.Items["a/b"]));
        Assert.Equal([1, 2, 3], new ZipBytes(new MemoryStream(zip), InvalidWeightsException.In("test.zip")).Read(directory.Items["é"]));
    }

    [Fact]
    public void Open_FromAPlaceOn_SkipsToIt()
    {
        byte[] content = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * 7))];
        foreach (CompressionLevel level in new[] { CompressionLevel.NoCompression, CompressionLevel.Optimal })
        {
            byte[] zip = TestFiles.Zip(level, ("x", content));
            using Stream stream = new ZipBytes(new MemoryStream(zip), InvalidWeightsException.In("test.zip")).Open(Read(zip).Items["x"], 150_001);
            byte[] rest = new byte[content.Length];
            int count = stream.ReadAtLeast(rest, rest.Length, throwOnEndOfStream: false);
            Assert.Equal(content[150_001..], rest[..count]);
        }
    }

    [Theory]
    [InlineData(CompressedAt, 0xFFFFFFFEu, "claims an impossible length")]
    [InlineData(CompressedAt, 0xFFFFFFFFu, "zip64 sizes are missing")]
    [InlineData(LengthAt, 0x7FFFFFFFu, "claims an impossible length")]
    [InlineData(HeaderOffsetAt, 1u, "contradicts the directory")]
    [InlineData(HeaderOffsetAt, 0xFFFFFFF0u, "contradicts the directory")]
    [InlineData(FlagsAt, 1u | (0u << 16), "is encrypted")]
    [InlineData(MethodAt, 12u, "is encrypted, or compressed")]
    public void Read_LyingEntry_IsRefused(int field, uint value, string message)
    {
        byte[] zip = TestFiles.Zip(CompressionLevel.NoCompression, ("a/data.pkl", "N."u8.ToArray()));
        int entry = zip.AsSpan().IndexOf("PK\x1\x2"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(entry + field), value);
        TestFiles.AssertRefused(zip, message);
    }

    [Fact]
    public void Read_ContentLongerOrShorterThanClaimed_IsRefused()
    {
        foreach (uint claimed in new uint[] { 99, 101 })
        {
            byte[] zip = TestFiles.Zip(CompressionLevel.Optimal, ("a/data.pkl", new byte[100]));
            BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(zip.AsSpan().IndexOf("PK\x1\x2"u8) + LengthAt), claimed);
            TestFiles.AssertRefused(zip, "the zip entry 'a/data.pkl' is damaged");
        }
    }

    [Fact]
    public void Read_SameNameTwice_IsRefused() => TestFiles.AssertRefused(
        TestFiles.Zip(CompressionLevel.NoCompression, ("a/data.pkl", "N."u8.ToArray()), ("a/data.pkl", "}."u8.ToArray())), "two entries 'a/data.pkl'");

    // The quine of zip bombs: many entries, one content.
    [Fact]
    public void Read_OverlappingEntries_AreRefused()
    {
        byte[] zip = TestFiles.Zip(CompressionLevel.NoCompression, ("a/data.pkl", "N."u8.ToArray()), ("b/data.pkl", "}."u8.ToArray()));
        int second = zip.AsSpan().LastIndexOf("PK\x1\x2"u8);
        zip[second + 46] = (byte)'a';
        BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(second + HeaderOffsetAt), 0);
        zip[second + 46 + 2] = (byte)'d';
        TestFiles.AssertRefused(zip, "two entries");

        byte[] other = TestFiles.Zip(CompressionLevel.NoCompression, ("aa", LocalHeader("bb", 4)), ("bb", [1, 2, 3, 4]));
        int entry = other.AsSpan().LastIndexOf("PK\x1\x2"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(other.AsSpan(entry + HeaderOffsetAt), 32);
        TestFiles.AssertRefused(other, "overlap");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(8)]
    public void Read_WrongEndRecord_IsRefused(int field)
    {
        byte[] zip = TestFiles.Zip(CompressionLevel.NoCompression, ("a/data.pkl", "N."u8.ToArray()));
        BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(zip.Length - 14 + field), 0x7FFF7FFF);
        TestFiles.AssertRefused(zip, "the zip's end record is wrong");
    }

    [Fact]
    public void Read_Zip64_IsFollowedAndItsLiesAreRefused()
    {
        byte[] zip = TestFiles.Golden("torch", "zip.pth");
        int locator = zip.AsSpan().LastIndexOf("PK\x6\x7"u8);
        int end = zip.AsSpan().LastIndexOf("PK\x5\x6"u8);
        Assert.True(locator > 0);
        zip.AsSpan(end + 8, 4).Fill(0xFF);
        zip.AsSpan(end + 12, 8).Fill(0xFF);
        using (IWeightFile file = TestFiles.Open(zip))
        {
            Assert.Equal(15, file.Entries.Count);
        }

        int end64 = zip.AsSpan().LastIndexOf("PK\x6\x6"u8);
        foreach (int field in new[] { 32, 40, 48 })
        {
            byte[] bad = [.. zip];
            BinaryPrimitives.WriteUInt64LittleEndian(bad.AsSpan(end64 + field), ulong.MaxValue - 7);
            TestFiles.AssertRefused(bad, "end record is wrong");
        }

        BinaryPrimitives.WriteUInt64LittleEndian(zip.AsSpan(locator + 8), ulong.MaxValue);
        TestFiles.AssertRefused(zip, "zip64 end record is outside the file");
    }

    [Fact]
    public void Open_ZipOfSomethingElse_SaysSo()
    {
        TestFiles.AssertRefused(TestFiles.Zip(CompressionLevel.NoCompression, ("word/document.xml", [1])), "no PyTorch file and no NumPy file");
        TestFiles.AssertRefused(TestFiles.Zip(CompressionLevel.NoCompression, ("a/data/0", [1])), "expected one data.pkl");
        byte[] two = TestFiles.Zip(CompressionLevel.NoCompression, ("a/data.pkl", "N."u8.ToArray()), ("b/data.pkl", "N."u8.ToArray()));
        TestFiles.AssertRefused(two, "expected one data.pkl, found 2");
    }

    [Fact]
    public void Open_StorageMissing_IsRefused() => TestFiles.AssertRefused(
        PickleBuilder.ToZip(PickleBuilder.OneTensor(4, 0, [4], [1])), "storage '0' is absent or has a wrong length");

    private static ZipDirectory Read(byte[] zip) => ZipDirectory.Read(new MemoryStream(zip), InvalidWeightsException.In("test.zip"));

    private static byte[] LocalHeader(string name, int length)
    {
        byte[] header = new byte[30 + name.Length + length];
        "PK\x3\x4"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(26), (ushort)name.Length);
        System.Text.Encoding.ASCII.GetBytes(name, header.AsSpan(30));
        return header;
    }
}
