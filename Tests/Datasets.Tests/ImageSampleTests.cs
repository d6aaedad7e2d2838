using MLClassify.Imaging;
using MLClassify.Imaging.Encoding;

namespace MLClassify.Datasets.Tests;

public sealed class ImageSampleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Image _image = TestImages.Scene(21, 13);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void LoadImage_FileAndMemory_GiveTheSamePixels()
    {
        byte[] encoded = PngEncoder.Encode(_image);
        string path = _folder["a.png"];
        File.WriteAllBytes(path, encoded);
        byte[] padded = [9, .. encoded, 9];
        ImageSample[] samples =
        [
            new(path, 2),
            ImageSample.FromBytes("memory", encoded, 2),
            ImageSample.FromBytes("part", padded.AsMemory(1, encoded.Length), 2),
        ];

        foreach (ImageSample sample in samples)
        {
            for (int times = 0; times < 2; times++)
            {
                using Stream stream = sample.OpenRead();
                using var copy = new MemoryStream();
                stream.CopyTo(copy);
                Assert.Equal(encoded, copy.ToArray());
                Assert.Equal(_image.Pixels, sample.LoadImage().Pixels);
            }
        }
    }

    [Fact]
    public void LoadImage_WhatCannotBeRead_Throws()
    {
        Assert.Throws<FileNotFoundException>(() => new ImageSample(_folder["none.png"], 0).LoadImage());
        Assert.Throws<FileNotFoundException>(() => new ImageSample(_folder["none.png"], 0).OpenRead());
        Assert.Throws<InvalidImageException>(() => ImageSample.FromBytes("damaged", PngEncoder.Encode(_image).AsMemory(0, 50), 0).LoadImage());
    }

    [Fact]
    public void Equals_SamePathLabelAndSource_IsEqual()
    {
        byte[] bytes = [1, 2, 3];
        ImageSample memory = ImageSample.FromBytes("a", bytes, 1);

        Assert.Equal(new ImageSample("a", 1), new ImageSample("a", 1));
        Assert.Equal(memory, ImageSample.FromBytes("a", bytes, 1));
        Assert.Equal(memory.GetHashCode(), ImageSample.FromBytes("a", bytes, 1).GetHashCode());
        Assert.NotEqual(memory, new ImageSample("a", 1));
        Assert.NotEqual(memory, ImageSample.FromBytes("a", (byte[])[1, 2, 3], 1));
        Assert.NotEqual(memory, ImageSample.FromBytes("b", bytes, 1));
        Assert.NotEqual(memory, memory with { Label = 2 });
        Assert.Equal(memory, memory with { Label = 2 } with { Label = 1 });
    }

    [Fact]
    public void ToString_NamesPathAndLabel()
    {
        Assert.Equal("roses/1.jpg (label 3)", new ImageSample("roses/1.jpg", 3).ToString());
        Assert.Equal("upload 7 (label 0)", ImageSample.FromBytes("upload 7", default, 0).ToString());
    }

    [Fact]
    public void FromBytes_NoName_Throws()
    {
        Assert.Throws<ArgumentException>(() => ImageSample.FromBytes("", default, 0));
        Assert.Throws<ArgumentNullException>(() => ImageSample.FromBytes(null!, default, 0));
    }

    [Fact]
    public void WithClasses_SplitAndTakePerClass_KeepTheBytes()
    {
        ImageSample[] samples = [.. Enumerable.Range(0, 8).Select(i => ImageSample.FromBytes($"{i}", new byte[] { (byte)i }, i % 2))];
        var dataset = new ImageDataset(["even", "odd"], samples);

        (ImageDataset train, ImageDataset validation) = dataset.WithClasses(["odd", "even"]).TakePerClass(4).Split(0.25, seed: 1);

        Assert.Equal(8, train.Count + validation.Count);
        foreach (ImageSample sample in train.Samples.Concat(validation.Samples))
        {
            using Stream stream = sample.OpenRead();
            Assert.Equal(sample.Path, $"{stream.ReadByte()}");
        }
    }

    // Above and below the piece that is compared first; files, memory and streams that cannot seek among each other.
    [Theory]
    [InlineData(100)]
    [InlineData(10_000)]
    public void Audit_EqualImagesOfAnySource_AreFound(int length)
    {
        byte[] content = new byte[length];
        new Random(1).NextBytes(content);
        byte[] other = [.. content];
        other[^1] ^= 1;
        File.WriteAllBytes(_folder["a.png"], content);
        var training = new ImageDataset(["a", "b"], [new(_folder["a.png"], 0), ImageSample.FromBytes("other", other, 0), ImageSample.FromBytes("empty", default, 1)]);
        var validation = new ImageDataset(["a", "b"],
        [
            ImageSample.FromBytes("same", content, 0),
            new(_folder["gone.png"], 1),
            ImageSample.FromBytes("nothing", default, 1),
        ]);

        DatasetWarning found = Assert.Single(DatasetAudit.Run(training, validation), w => w.Id == DatasetWarningIds.TrainedAndValidated);

        Assert.Equal([$"{_folder["a.png"]}\tsame"], found.Items);
    }
}
