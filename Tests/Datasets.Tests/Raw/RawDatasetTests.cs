using MLClassify.Imaging;

namespace MLClassify.Datasets.Tests.Raw;

public sealed class RawDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WriteFolder_Cifar_GivesImagesThatAreReadAgain()
    {
        string source = Cifar10();

        UnpackedDataset written = RawDataset.Open(source).WriteFolder(_folder["out"]);

        Assert.Equal(new UnpackedDataset(_folder["out"], 3, 10, 2), written);
        ImageFolder folder = ImageFolder.Open(written.Folder);
        Assert.Equal(["airplane", "cat", "truck"], folder.ClassNames);
        Assert.Equal((10, 2), (folder.Samples.Count, folder.Test!.Count));
        Image second = Image.Load(Path.Combine(written.Folder, "train", "truck", "00001.png"));
        Assert.Equal([1, 100, 200], second.Pixels[..3].ToArray());
        Assert.Equal([".", "cifar", "out"], Entries());
    }

    [Fact]
    public void WriteFolder_DamagedBatch_LeavesNothing()
    {
        string source = Cifar10();
        File.WriteAllBytes(Path.Combine(source, "test_batch.bin"), [1, 2, 3]);

        Assert.Throws<InvalidDatasetException>(() => RawDataset.Open(source).WriteFolder(_folder["out"]));
        Assert.Equal([".", "cifar"], Entries());
    }

    [Fact]
    public void WriteFolder_PlaceIsTaken_ChangesNothing()
    {
        string source = Cifar10();
        _folder.With("out/mine.txt");

        Assert.Contains("not empty", Assert.Throws<IOException>(() => RawDataset.Open(source).WriteFolder(_folder["out"])).Message, StringComparison.Ordinal);
        Assert.Equal([".", "cifar", "out"], Entries());
    }

    [Fact]
    public void WriteFolder_Canceled_LeavesNothing()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        string source = Cifar10();

        Assert.Throws<OperationCanceledException>(() => RawDataset.Open(source).WriteFolder(_folder["out"], cancellationToken: stop.Token));
        Assert.Equal([".", "cifar"], Entries());
    }

    [Fact]
    public void Open_Python_TakesNamesOfTheMetaFile()
    {
        Directory.CreateDirectory(_folder["py"]);
        byte[] meta = [0x80, 3, .. "}C\u000blabel_names](C\u0001aC\u0001bC\u0001cC\u0001dC\u0001eC\u0001fC\u0001gC\u0001hC\u0001iC\u0001jes."u8];
        File.WriteAllBytes(_folder["py/batches.meta"], meta);
        foreach (string name in new[] { "data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch" })
        {
            File.WriteAllBytes(_folder["py/" + name], RawSamples.CifarPython(4));
        }

        var dataset = RawDataset.Open(_folder["py"]);

        Assert.Equal(["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"], dataset.ClassNames);
        Assert.Equal([3, 9], dataset.Read("test").Single().Labels);
    }

    [Fact]
    public void Open_Idx_HasDigitsOrTheCallersNames()
    {
        _folder.With("idx/x");
        (byte[] images, byte[] labels) = RawSamples.Digits(0, 1, 1);
        foreach (string part in new[] { "train", "t10k" })
        {
            File.WriteAllBytes(_folder[$"idx/{part}-images-idx3-ubyte.gz"], RawSamples.Gzip(images));
            File.WriteAllBytes(_folder[$"idx/{part}-labels-idx1-ubyte"], labels);
        }

        Assert.Equal(10, RawDataset.Open(_folder["idx"]).ClassNames.Count);
        UnpackedDataset written = RawDataset.Open(_folder["idx"], ["T-shirt/top", "Trouser"]).WriteFolder(_folder["out"]);
        Assert.Equal(["T-shirt-top", "Trouser"], ImageFolder.Open(written.Folder).ClassNames);
        Assert.Throws<InvalidDatasetException>(() => RawDataset.Open(_folder["idx"], ["one"]).WriteFolder(_folder["other"]));
    }

    [Fact]
    public void Open_FileMissing_NamesIt()
    {
        string source = Cifar10();
        File.Delete(Path.Combine(source, "data_batch_4.bin"));

        Assert.Equal($"{source}: the file data_batch_4.bin is missing.", Assert.Throws<InvalidDatasetException>(() => RawDataset.Open(source)).Message);
    }

    [Fact]
    public void ImageFolderOpen_PackedDataset_SaysWhatTurnsItIntoImages() =>
        Assert.Contains("RawDataset.WriteFolder turns it", Assert.Throws<InvalidDatasetException>(() => ImageFolder.Open(Cifar10())).Message, StringComparison.Ordinal);

    private string Cifar10()
    {
        Directory.CreateDirectory(_folder["cifar"]);
        File.WriteAllText(_folder["cifar/batches.meta.txt"], "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n");
        for (int i = 1; i <= 5; i++)
        {
            File.WriteAllBytes(_folder[$"cifar/data_batch_{i}.bin"], RawSamples.CifarBinary(0, 9));
        }

        File.WriteAllBytes(_folder["cifar/test_batch.bin"], RawSamples.CifarBinary(3, 0));
        // Every class of the test part has training images.
        File.WriteAllBytes(_folder["cifar/data_batch_5.bin"], RawSamples.CifarBinary(3, 9));
        return _folder["cifar"];
    }

    private string[] Entries() => [".", .. Directory.GetFileSystemEntries(_folder.Root).Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal)];
}
