namespace MLClassify.Datasets.Tests.Raw;

public sealed class IdxFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ReadImages_Digits_GivesLabelsAndGrayImages(bool isCompressed)
    {
        (byte[] images, byte[] labels) = RawSamples.Digits(7, 0, 9);

        RawImages digits = IdxFile.ReadImages(Write("images", images, isCompressed), Write("labels", labels, isCompressed));

        Assert.Equal([7, 0, 9], digits.Labels);
        Assert.Equal((2, 3, 1), (digits.Width, digits.Height, digits.Channels));
        Assert.Equal(Enumerable.Repeat((byte)2, 18), digits[2].Pixels.ToArray());
    }

    [Fact]
    public void Read_OtherBeginning_SaysWhatWasFound()
    {
        string path = Write("x", "GIF89a"u8.ToArray());

        Assert.StartsWith($"{path}: found 47494638 at its beginning, expected an IDX file", Refused(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Floats_AreNotSupported()
    {
        string path = Write("x", RawSamples.Idx([1], [0, 0, 0, 0], type: 0x0d));

        Assert.Contains("type 0x0d", Assert.Throws<NotSupportedException>(() => IdxFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_HeaderPromisesGigabytes_TakesNoMemory(bool isCompressed)
    {
        string path = Write("x", RawSamples.Idx([60_000, 1000, 1000], []), isCompressed);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Contains("promises more values", Refused(path), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Read_NegativeDimension_IsRefused() =>
        Assert.Contains("promises more values", Refused(Write("x", RawSamples.Idx([-1], [1]))), StringComparison.Ordinal);

    [Fact]
    public void Read_MoreThanPromised_IsRefused() =>
        Assert.Contains("more in it than the 2 values", Refused(Write("x", RawSamples.Idx([2], [1, 2, 3]))), StringComparison.Ordinal);

    [Fact]
    public void ReadImages_FewerLabels_IsRefused()
    {
        string images = Write("images", RawSamples.Digits(1, 2).Images);
        string labels = Write("labels", RawSamples.Digits(1).Labels);

        var thrown = Assert.Throws<InvalidDatasetException>(() => IdxFile.ReadImages(images, labels));

        Assert.Equal($"{labels}: found an array [1], expected a label for each of 2 images", thrown.Message);
        Assert.Throws<InvalidDatasetException>(() => IdxFile.ReadImages(labels, images));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_TruncatedOrMutated_IsReadOrRefused(bool isCompressed)
    {
        byte[] whole = RawSamples.Digits(1, 2, 3, 4).Images;
        whole = isCompressed ? RawSamples.Gzip(whole) : whole;
        for (int length = 0; length < whole.Length; length++)
        {
            // A missing checksum at the very end of gzip's format goes unnoticed.
            Try(whole[..length]);
        }

        var random = new Random(3);
        for (int round = 0; round < 1000; round++)
        {
            byte[] mutant = [.. whole];
            mutant[random.Next(mutant.Length)] = (byte)random.Next(256);
            Try(mutant);
        }

        void Try(byte[] content)
        {
            try
            {
                IdxFile.Read(Write("x", content));
            }
            catch (Exception e) when (e is InvalidDatasetException or NotSupportedException)
            {
                // Refused, as it may be.
            }
        }
    }

    private static string Refused(string path) => Assert.Throws<InvalidDatasetException>(() => IdxFile.Read(path)).Message;

    private string Write(string name, byte[] content, bool isCompressed = false)
    {
        string path = _folder[name];
        File.WriteAllBytes(path, isCompressed ? RawSamples.Gzip(content) : content);
        return path;
    }
}
