using System.Buffers.Binary;
using System.Text;
using MLClassify.Networks.Tests;

namespace MLClassify.WeightFiles.Tests.Safetensors;

public class SafetensorsReaderTests
{
    private const string OneTensor = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";

    /// <summary>A header, the bytes of data after it, and a part of the message.</summary>
    public static TheoryData<string, int, string> HostileHeaders { get; } = new()
    {
        { "", 0, "the header does not begin at byte 8: expected '{', found an empty header" },
        { " {}", 0, "the header does not begin at byte 8: expected '{', found byte 0x20" },
        { "[]", 0, "found byte 0x5B" },
        { "{", 0, "not valid JSON" },
        { "{}}", 0, "text follows the header's JSON at byte 10: expected spaces, found byte 0x7D" },
        { "{} {}", 0, "text follows the header's JSON at byte 11: expected spaces, found byte 0x7B" },
        { "{}\n", 0, "found byte 0x0A" },
        { "{}\0", 0, "found byte 0x00" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},}""", 8, "not valid JSON" },
        { """{/*c*/"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "not valid JSON" },
        { """{"a":1}""", 0, "expected an object with dtype, shape and data_offsets, found 1" },
        { """{"a":null}""", 0, "expected an object with dtype, shape and data_offsets, found Null" },
        { """{"a":{}}""", 0, "tensor 'a': its declaration is incomplete" },
        { """{"a":{"shape":[2],"data_offsets":[0,8]}}""", 8, "expected dtype" },
        { """{"a":{"dtype":"F32","data_offsets":[0,8]}}""", 8, "expected shape" },
        { """{"a":{"dtype":"F32","shape":[2]}}""", 8, "expected data_offsets of two numbers" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[8]}}""", 8, "expected data_offsets of two numbers" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}""", 8, "data_offsets is too long" },
        { """{"a":{"dtype":"f32","shape":[2],"data_offsets":[0,8]}}""", 8, "unknown dtype at byte" },
        { """{"a":{"dtype":"C64","shape":[2],"data_offsets":[0,16]}}""", 16, "found 'C64'" },
        { """{"a":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]}}""", 2, "tensor 'a': a dtype that is not supported" },
        { """{"a":{"dtype":"F4","shape":[2],"data_offsets":[0,1]}}""", 1, "found 'F4'" },
        { """{"a":{"dtype":"F32","shape":[-0],"data_offsets":[0,0]}}""", 0, "a bad value in shape" },
        { """{"a":{"dtype":"F32","shape":[2e0],"data_offsets":[0,8]}}""", 8, "found 2e0" },
        { """{"a":{"dtype":"F32","shape":[1099511627776,1099511627776],"data_offsets":[0,8]}}""", 8, "its shape is too large" },
        { """{"a":{"dtype":"F32","shape":[0,1099511627776,1099511627776],"data_offsets":[0,1]}}""", 1, "its size does not fit its shape" },
        { """{"a\u0000":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}""", 1, "tensor 'a?': its place is outside the file" },
        { """{"a":{"dtype":1,"shape":[2],"data_offsets":[0,8]}}""", 8, "expected a string for dtype" },
        { """{"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}""", 8, "expected an array for shape" },
        { """{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "a bad value in shape" },
        { """{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}""", 8, "found 2.0" },
        { """{"a":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}""", 8, "a bad value in shape" },
        { """{"a":{"dtype":"F32","shape":[[2]],"data_offsets":[0,8]}}""", 8, "a bad value in shape" },
        { """{"a":{"dtype":"F32","shape":[18446744073709551618],"data_offsets":[0,8]}}""", 8, "a bad value in shape" },
        { """{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "its shape is too large" },
        { """{"a":{"dtype":"F32","shape":[2305843009213693953],"data_offsets":[0,4]}}""", 4, "its shape is too large" },
        { """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "its size does not fit its shape at byte" },
        { """{"a":{"dtype":"F32","shape":[],"data_offsets":[0,8]}}""", 8, "expected 4 bytes for F32 []" },
        { """{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,8]}}""", 8, "expected 4 bytes for F16 [2]" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "its place is outside the file" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, "expected 0 <= begin <= end <= 7, found data_offsets [0, 8]" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", 8, "a bad value in data_offsets" },
        { """{"a":{"dtype":"F32","shape":[288230376151711744],"data_offsets":[0,1152921504606846976]}}""", 8, "its place is outside the file" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "unused bytes lie before it" },
        { """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[5,9]}}""", 9, "tensor 'b': unused bytes lie before it: expected 4" },
        { """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[3,7]}}""", 7, "tensor 'b': it overlaps another tensor" },
        { """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 4, "it overlaps another tensor" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "bytes follow the last tensor: expected 8 bytes of data, found 9" },
        { "{}", 1, "bytes follow the last tensor" },
        { """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "tensor 'a': the name occurs twice" },
        { """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"\u0061":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "tensor 'a': the name occurs twice" },
        { """{"a":{"dtype":"U8","dtype":"I8","shape":[1],"data_offsets":[0,1]}}""", 1, "tensor 'a': 'dtype' occurs twice" },
        { """{"a":{"dtype":"U8","shape":[1],"shape":[1],"data_offsets":[0,1]}}""", 1, "'shape' occurs twice" },
        { """{"__metadata__":{},"__metadata__":{}}""", 0, "'__metadata__': the name occurs twice" },
        { """{"__metadata__":{"k":"1","k":"2"}}""", 0, "'k' occurs twice in __metadata__" },
        { """{"__metadata__":{"k":1}}""", 0, "expected a string for 'k' of __metadata__" },
        { """{"__metadata__":{"k":{}}}""", 0, "expected a string for 'k' of __metadata__" },
        { """{"__metadata__":[]}""", 0, "expected an object for __metadata__" },
        { """{"a\ud800":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, "not valid JSON" },
        { """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":[[[[[[[[[[1]]]]]]]]]]}}""", 1, "not valid JSON" },
        { $$$"""{"a":{"dtype":"U8","shape":[{{{string.Join(',', Enumerable.Repeat(1, 65))}}}],"data_offsets":[0,1]}}""", 1, "shape is too long at byte" },
    };

    [Theory]
    [MemberData(nameof(HostileHeaders))]
    public void Open_HostileHeader_NamesFileAndProblem(string header, int dataLength, string message)
    {
        var error = Assert.Throws<InvalidWeightsException>(() => SafetensorsBytes.Open(SafetensorsBytes.File(header, dataLength)));
        Assert.StartsWith("test.safetensors: ", error.Message);
        Assert.Contains(message, error.Message);
    }

    [Theory]
    [InlineData("", "expected at least 8 bytes, found 0")]
    [InlineData("02000000000000", "expected at least 8 bytes, found 7")]
    [InlineData("02000000000000007B", "expected at most 1 bytes, found 2")]
    [InlineData("00000000000000107B7D", "expected at most 2 bytes, found 1152921504606846976")]
    [InlineData("FFFFFFFFFFFFFFFF7B7D", "expected at most 2 bytes, found 18446744073709551615")]
    [InlineData("504B030414000808", "the header's length is wrong, or this is not safetensors at byte 0")]
    [InlineData("0300000000000000FF7B7D", "found byte 0xFF")]
    [InlineData("06000000000000007B22FF223A7D", "not valid JSON")]
    public void Open_HostileBytes_NamesFileAndProblem(string hex, string message)
    {
        var error = Assert.Throws<InvalidWeightsException>(() => SafetensorsBytes.Open(Convert.FromHexString(hex)));
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void Open_ClaimOf2To60Bytes_AllocatesNothingForIt()
    {
        byte[] hugeHeader = new byte[64];
        BinaryPrimitives.WriteUInt64LittleEndian(hugeHeader, 1UL << 60);
        byte[] hugeTensor = SafetensorsBytes.File("""{"a":{"dtype":"U8","shape":[1152921504606846976],"data_offsets":[0,1152921504606846976]}}""", 8);
        foreach (byte[] file in new[] { hugeHeader, hugeTensor })
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<InvalidWeightsException>(() => SafetensorsBytes.Open(file));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 17);
        }
    }

    [Fact]
    public void Open_HeaderOverTheFormatsLimit_IsRefused()
    {
        using var folder = new TemporaryFolder();
        string path = folder["long.safetensors"];
        using (FileStream file = File.Create(path))
        {
            byte[] length = new byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(length, 100_000_001);
            file.Write(length);
            file.SetLength(200_000_000);
        }

        var error = Assert.Throws<InvalidWeightsException>(() => SafetensorsReader.Open(path));
        Assert.Contains("expected at most 100000000 bytes, found 100000001", error.Message);
        Assert.Equal(path, error.File);
    }

    [Fact]
    public void Open_LongHostileName_KeepsTheMessageShort()
    {
        string header = $$$"""{"{{{new string('x', 100_000)}}}\n":{}}""";
        var error = Assert.Throws<InvalidWeightsException>(() => SafetensorsBytes.Open(SafetensorsBytes.File(header, 0)));
        Assert.InRange(error.Message.Length, 1, 400);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Open_AnyFlippedByteOrCut_IsReadOrRefused()
    {
        byte[] good = SafetensorsBytes.Write(
            [
                SafetensorsTensor.FromSingles("conv.weight", [2, 3], () => new float[] { 1, 2, 3, 4, 5, 6 }),
                SafetensorsTensor.FromBytes("count", ElementType.I64, [], () => new byte[8]),
            ],
            new Dictionary<string, string> { ["format"] = "pt" });
        int refused = 0;
        for (int i = 0; i < good.Length; i++)
        {
            foreach (byte flip in new byte[] { 0x01, 0x02, 0x10, 0x20, 0x80 })
            {
                byte[] bad = [.. good];
                bad[i] ^= flip;
                refused += IsRefused(bad) ? 1 : 0;
            }

            Assert.True(IsRefused(good[..i]));
        }

        Assert.InRange(refused, good.Length, 5 * good.Length);
    }

    [Fact]
    public void Open_PaddedHeaderAndUnknownKey_IsRead()
    {
        const string Header = """{"a":{"dtype":"U8","shape":[2],"x":{"y":[1]},"data_offsets":[0,2]}}""" + "     ";
        using SafetensorsReader reader = SafetensorsBytes.Open(SafetensorsBytes.File(Encoding.UTF8.GetBytes(Header), [3, 4]));
        Assert.Equal([3f, 4f], reader.Read("a"));
        Assert.Empty(reader.Metadata);
    }

    [Fact]
    public void Entries_HeaderInAnotherOrder_FollowTheirPlaces()
    {
        const string Header = """{"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]},"e":{"dtype":"F32","shape":[0,9],"data_offsets":[1,1]},"a":{"dtype":"I8","shape":[],"data_offsets":[0,1]}}""";
        using SafetensorsReader reader = SafetensorsBytes.Open(SafetensorsBytes.File(Encoding.UTF8.GetBytes(Header), [255, 7, 8]));
        Assert.Equal(["a", "e", "b"], reader.Entries.Select(e => e.Name));
        Assert.Equal([-1f], reader.Read("a"));
        Assert.Equal([7f, 8f], reader.Read("b"));
        Assert.Empty(reader.Read("e"));
    }

    [Theory]
    [InlineData("BOOL", "0001FF", new[] { 0f, 1f, 1f })]
    [InlineData("U8", "0080FF", new[] { 0f, 128f, 255f })]
    [InlineData("I8", "7F80FF", new[] { 127f, -128f, -1f })]
    [InlineData("U16", "0100FFFF", new[] { 1f, 65535f })]
    [InlineData("I16", "0100FFFF0080", new[] { 1f, -1f, -32768f })]
    [InlineData("U32", "01000000FFFFFFFF", new[] { 1f, 4294967296f })]
    [InlineData("I32", "01000000FFFFFFFF", new[] { 1f, -1f })]
    [InlineData("U64", "0100000000000000FFFFFFFFFFFFFFFF", new[] { 1f, 18446744073709551616f })]
    [InlineData("I64", "0100000000000000FFFFFFFFFFFFFFFF", new[] { 1f, -1f })]
    [InlineData("F16", "003C00C0FF7B0100007C", new[] { 1f, -2f, 65504f, 5.9604645e-8f, float.PositiveInfinity })]
    [InlineData("BF16", "803F00C0494080FF", new[] { 1f, -2f, 3.140625f, float.NegativeInfinity })]
    [InlineData("F32", "0000803FDB0F4940", new[] { 1f, 3.1415927f })]
    [InlineData("F64", "000000000000F03F182D4454FB210940", new[] { 1f, 3.1415927f })]
    public void Read_AnyType_IsConvertedToSingle(string type, string hex, float[] expected)
    {
        byte[] data = Convert.FromHexString(hex);
        string header = $$$"""{"a":{"dtype":"{{{type}}}","shape":[{{{expected.Length}}}],"data_offsets":[0,{{{data.Length}}}]}}""";
        using SafetensorsReader reader = SafetensorsBytes.Open(SafetensorsBytes.File(Encoding.UTF8.GetBytes(header), data));
        Assert.Equal(expected, reader.Read("a"));
        Assert.Equal(data, reader.ReadBytes("a"));
    }

    [Fact]
    public void Read_TensorOfSeveralBlocks_IsWhole()
    {
        byte[] data = new byte[2 * 100_001];
        for (int i = 0; i < data.Length / 2; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(2 * i), (ushort)i);
        }

        byte[] header = Encoding.UTF8.GetBytes("""{"a":{"dtype":"U16","shape":[100001],"data_offsets":[0,200002]}}""");
        using SafetensorsReader reader = SafetensorsBytes.Open(SafetensorsBytes.File(header, data));
        float[] expected = [.. Enumerable.Range(0, 100_001).Select(i => (float)(ushort)i)];
        Assert.Equal(expected, reader.Read("a"));
    }

    [Fact]
    public void Read_FileCutSinceItWasOpened_NamesTensorAndOffset()
    {
        using var stream = new MemoryStream();
        stream.Write(SafetensorsBytes.File(OneTensor, 8));
        using var reader = new SafetensorsReader(stream, "cut.safetensors");
        stream.SetLength(stream.Length - 1);
        var error = Assert.Throws<InvalidWeightsException>(() => reader.Read("a"));
        Assert.Equal(
            $"cut.safetensors: tensor 'a': the file ends too early at byte {8 + OneTensor.Length}: expected 8 more bytes.", error.Message);
    }

    [Fact]
    public void Read_WrongUse_Throws()
    {
        using SafetensorsReader reader = SafetensorsBytes.Open(SafetensorsBytes.File(OneTensor, 8));
        Assert.True(reader.Contains("a"));
        Assert.False(reader.Contains("b"));
        Assert.Throws<KeyNotFoundException>(() => reader.Read("b"));
        Assert.Throws<ArgumentException>(() => reader.Read("a", new float[3]));
    }

    [Fact]
    public void Open_MissingFile_IsAnIoError()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<FileNotFoundException>(() => SafetensorsReader.Open(folder["none.safetensors"]));
    }

    [DataFact]
    public void Open_ReferenceWeights_HasTorchvisionsTensors()
    {
        using SafetensorsReader reader = SafetensorsReader.Open(SharedData.Path("weights", "squeezenet1_1.safetensors"));
        Assert.Equal("pt", reader.Metadata["format"]);
        Assert.Equal(GoldenFiles.Parameters("squeezenet1_1"), reader.Entries.Select(e => $"{e.Name} {string.Join(",", e.Dimensions)}"));
        Assert.All(reader.Read("features.0.weight"), v => Assert.InRange(v, -2, 2));
    }

    private static bool IsRefused(byte[] file)
    {
        try
        {
            using SafetensorsReader reader = SafetensorsBytes.Open(file);
            foreach (WeightEntry entry in reader.Entries)
            {
                reader.Read(entry.Name);
            }

            return false;
        }
        catch (InvalidWeightsException)
        {
            return true;
        }
    }
}
