using MLClassify.Imaging;

namespace MLClassify.Datasets.Tests.Raw;

public sealed class CifarBatchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ReadBinary_Batch_GivesLabelsAndPixels()
    {
        RawImages batch = CifarBatch.ReadBinary(Write(RawSamples.CifarBinary(3, 9, 0)));

        Assert.Equal([3, 9, 0], batch.Labels);
        Assert.Equal((3, 32, 32, 3), (batch.Count, batch.Width, batch.Height, batch.Channels));
        Image image = batch[1];
        Assert.Equal([1, 100, 200, 1, 100, 200], image.Pixels[..6].ToArray());
        Assert.Equal([1, 100, 200], image.Pixels[^3..].ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => batch[3]);
    }

    [Fact]
    public void ReadBinary_Cifar100_TakesTheFineLabel()
    {
        byte[] record = [7, 42, .. new byte[RawSamples.PixelBytes]];

        Assert.Equal([42], CifarBatch.ReadBinary(Write(record), CifarKind.Cifar100).Labels);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3072)]
    [InlineData(3074)]
    [InlineData(2 * 3073 - 1)]
    public void ReadBinary_OtherLength_NamesFileFoundAndExpected(int bytes)
    {
        string path = Write(new byte[bytes]);

        string message = Assert.Throws<InvalidDatasetException>(() => CifarBatch.ReadBinary(path)).Message;

        Assert.Equal($"{path}: found {bytes} bytes, expected a multiple of 3073, the size of a record of Cifar10", message);
    }

    [Fact]
    public void ReadBinary_LabelOutOfRange_NamesTheImage()
    {
        string path = Write(RawSamples.CifarBinary(1, 10));

        Assert.Equal($"{path}: image 1 has label 10, expected 0 to 9", Assert.Throws<InvalidDatasetException>(() => CifarBatch.ReadBinary(path)).Message);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void ReadPython_EveryProtocol_GivesLabelsAndPixels(int protocol)
    {
        RawImages batch = CifarBatch.ReadPython(Write(RawSamples.CifarPython(protocol)));

        Assert.Equal([3, 9], batch.Labels);
        Assert.Equal([0, 1, 2], batch[0].Pixels[..3].ToArray());
        Assert.Equal([3, 4, 5], batch[1].Pixels[^3..].ToArray());
    }

    [Theory]
    [InlineData("cos\nsystem\n(U\u0004eviltR.", "found the name 'os system'")]
    [InlineData("cnumpy\ndtype\n.", "found no dictionary")]
    [InlineData("cnumpy\ndtype\n)cnumpy\ndtype\nR.", "found a call of")]
    [InlineData("}.", "there is no 'data'")]
    [InlineData("Q", "found opcode 0x51")]
    [InlineData("T\u007f\u007f\u007f\u007f", "ends too early")]
    [InlineData("t", "without its beginning")]
    [InlineData(".", "stack is empty")]
    [InlineData("h\u0001", "reference to nothing")]
    public void ReadPython_Hostile_IsRefused(string pickle, string expected)
    {
        string path = Write([.. pickle.Select(c => (byte)c)]);

        var thrown = Assert.Throws<InvalidDatasetException>(() => CifarBatch.ReadPython(path));

        Assert.StartsWith(path + ": ", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(expected, thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    public void ReadPython_EveryTruncation_IsRefused(int protocol)
    {
        byte[] whole = RawSamples.CifarPython(protocol);
        foreach (int length in Enumerable.Range(0, 300).Concat(Enumerable.Range(whole.Length - 120, 120)))
        {
            string path = Write(whole[..length]);
            Assert.Throws<InvalidDatasetException>(() => CifarBatch.ReadPython(path));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void ReadPython_Mutated_IsReadOrRefused(int protocol)
    {
        byte[] whole = RawSamples.CifarPython(protocol);
        var random = new Random(protocol);
        for (int round = 0; round < 1500; round++)
        {
            byte[] mutant = [.. whole];
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                int place = random.Next(340);
                mutant[place < 220 ? place : whole.Length - (340 - place)] = (byte)random.Next(256);
            }

            string path = Write(mutant);
            try
            {
                _ = CifarBatch.ReadPython(path)[0];
            }
            catch (InvalidDatasetException)
            {
                // Refused, as it may be.
            }
        }
    }

    private string Write(byte[] content)
    {
        string path = _folder["batch"];
        File.WriteAllBytes(path, content);
        return path;
    }
}
