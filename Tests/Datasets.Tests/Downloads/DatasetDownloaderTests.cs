using System.Security.Cryptography;
using System.Text;
using MLClassify.Common;
using MLClassify.Datasets.Tests.Raw;
using MLClassify.Imaging;
using MLClassify.Imaging.Encoding;

namespace MLClassify.Datasets.Tests.Downloads;

public sealed class DatasetDownloaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly LoopbackServer _server;
    private int _cutAfter = int.MaxValue;

    public DatasetDownloaderTests() => _server = new LoopbackServer((request, stream) =>
        _files.TryGetValue(request.Target, out byte[]? content)
            ? LoopbackServer.SendFileAsync(request, stream, content, bytes: Interlocked.Exchange(ref _cutAfter, int.MaxValue))
            : LoopbackServer.SendHeadAsync(stream, "404 Not Found", 0));

    private string Out => _folder["out"];

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task GetAsync_Flowers_GivesClassesAndTheLicense()
    {
        DatasetDefinition flowers = Publish("flowers", Flowers());

        DownloadedDataset dataset = await GetAsync(flowers);

        Assert.Equal((true, 2, 3, 0), (dataset.IsNew, dataset.Classes, dataset.TrainImages, dataset.TestImages));
        ImageFolder folder = ImageFolder.Open(Out);
        Assert.Equal(["daisy", "roses"], folder.ClassNames);
        Assert.Equal(3, folder.Samples.Count);
        Assert.False(folder.HasPredefinedSplit);
        Assert.True(File.Exists(Path.Combine(Out, "LICENSE.txt")));
        ReceivedFile file = Assert.Single(dataset.Files);
        Assert.Equal((true, Hash(_files["/flowers/flower_photos.tgz"])), (file.IsKnown, file.Sha256));

        // The archive is gone, the folder is known again without asking anybody.
        Assert.False(File.Exists(_folder["kept/flowers/flower_photos.tgz"]));
        DownloadedDataset again = await GetAsync(flowers);
        Assert.False(again.IsNew);
        Assert.Equal((dataset.Classes, dataset.TrainImages, file), (again.Classes, again.TrainImages, Assert.Single(again.Files)));
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task GetAsync_Pets_SortsBreedsByTheAuthorsLists()
    {
        byte[] images = Archives.Tgz(
            ("images/Abyssinian_1.jpg", Photo()), ("images/Abyssinian_2.jpg", Photo()), ("images/Abyssinian_3.jpg", Photo()),
            ("images/american_bulldog_10.jpg", Photo()), ("images/american_bulldog_11.jpg", Photo()), ("images/Abyssinian_100.mat", [1]));
        byte[] lists = Archives.Tgz(
            ("annotations/trainval.txt", "#Image CLASS-ID\nAbyssinian_1 1 1 1\namerican_bulldog_10 2 2 1\n"u8.ToArray()),
            ("annotations/test.txt", "Abyssinian_2 1 1 1\r\namerican_bulldog_11 2 2 1"u8.ToArray()),
            ("annotations/trimaps/._Abyssinian_1.png", [1]));

        DownloadedDataset dataset = await GetAsync(Publish("oxford-pets", images, lists));

        Assert.Equal((2, 2, 2), (dataset.Classes, dataset.TrainImages, dataset.TestImages));
        ImageFolder folder = ImageFolder.Open(Out);
        Assert.Equal(["Abyssinian", "american_bulldog"], folder.ClassNames);
        Assert.Equal("Abyssinian_2.jpg", Path.GetFileName(folder.TrainValidation().Validation.Samples[0].Path));
    }

    [Fact]
    public async Task GetAsync_PetsImageMissing_IsRefused()
    {
        byte[] lists = Archives.Tgz(("annotations/trainval.txt", "Beagle_7 1 1 1\n"u8.ToArray()), ("annotations/test.txt", []));

        var thrown = await Assert.ThrowsAsync<InvalidDatasetException>(() => GetAsync(Publish("oxford-pets", Archives.Tgz(("images/x_1.jpg", [1])), lists)));

        Assert.EndsWith("1 images that " + _folder["kept/oxford-pets/annotations.tar.gz"] + " lists are not in it, such as Beagle_7", thrown.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public async Task GetAsync_Cifar_WritesImages()
    {
        (string, byte[])[] files =
        [
            ("cifar-10-batches-bin/batches.meta.txt", "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n"u8.ToArray()),
            ("cifar-10-batches-bin/readme.html", [1]),
            .. Enumerable.Range(1, 5).Select(i => ($"cifar-10-batches-bin/data_batch_{i}.bin", RawSamples.CifarBinary(0, 9))),
            ("cifar-10-batches-bin/test_batch.bin", RawSamples.CifarBinary(9)),
        ];

        DownloadedDataset dataset = await GetAsync(Publish("cifar10", Archives.Tgz(files)));

        Assert.Equal((2, 10, 1), (dataset.Classes, dataset.TrainImages, dataset.TestImages));
        Assert.Equal(["airplane", "truck"], ImageFolder.Open(Out).ClassNames);
    }

    [Fact]
    public async Task GetAsync_FashionMnist_WritesImages()
    {
        (byte[] images, byte[] labels) = RawSamples.Digits(0, 9, 9);
        byte[][] files = [.. new[] { images, labels, images, labels }.Select(RawSamples.Gzip)];

        DownloadedDataset dataset = await GetAsync(Publish("fashion-mnist", files));

        Assert.Equal((2, 3, 3), (dataset.Classes, dataset.TrainImages, dataset.TestImages));
        Assert.Equal(["Ankle boot", "T-shirt-top"], ImageFolder.Open(Out).ClassNames);
        Assert.Equal((2, 3), (Size().Width, Size().Height));

        Image Size() => Image.Load(Path.Combine(Out, "test", "Ankle boot", "00001.png"));
    }

    [Fact]
    public async Task GetAsync_ConnectionBreaks_GoesOn()
    {
        DatasetDefinition flowers = Publish("flowers", Flowers());
        _cutAfter = 100;

        DownloadedDataset dataset = await GetAsync(flowers);

        Assert.True(dataset.Files[0].IsKnown);
        Assert.Equal([0, 100], _server.Requests.Select(request => request.Offset));
    }

    [Fact]
    public async Task GetAsync_OtherContent_IsRefusedUnlessAccepted()
    {
        DatasetDefinition flowers = Publish("flowers", Flowers());
        flowers = flowers with { Files = [flowers.Files[0] with { Sha256 = new string('0', 64) }] };

        var thrown = await Assert.ThrowsAsync<DatasetUnavailableException>(() => GetAsync(flowers));
        Assert.Contains("expected SHA-256 0000", thrown.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Out));

        DownloadedDataset dataset = await GetAsync(flowers, Options() with { AcceptsOtherContent = true });
        Assert.Equal((false, Hash(_files["/flowers/flower_photos.tgz"])), (dataset.Files[0].IsKnown, dataset.Files[0].Sha256));
    }

    [Fact]
    public async Task GetAsync_Offline_SaysWhatToPutWhere()
    {
        DatasetDefinition flowers = Publish("flowers", Flowers());
        DatasetDownloaderOptions offline = Options() with { IsOffline = true };

        var thrown = await Assert.ThrowsAsync<DatasetUnavailableException>(() => GetAsync(flowers, offline));

        string path = _folder["kept/flowers/flower_photos.tgz"];
        Assert.Equal(
            "flowers is not here: nothing is fetched, because MLCLASSIFY_OFFLINE says so. Get flower_photos.tgz (0.0 MiB) from "
            + "https://storage.googleapis.com/download.tensorflow.org/example_images/flower_photos.tgz by other means, copy it to "
            + path + ", and try again.",
            thrown.Message);

        // Which is enough; a file that the user brought stays.
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, _files["/flowers/flower_photos.tgz"]);
        Assert.True((await GetAsync(flowers, offline)).IsNew);
        Assert.True(File.Exists(path));
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task GetAsync_ServerIsGone_SaysWhyAndLeavesNothing()
    {
        DatasetDefinition flowers = Publish("flowers", Flowers());
        _files.Clear();

        Assert.Contains("404", (await Assert.ThrowsAsync<DatasetUnavailableException>(() => GetAsync(flowers))).Message, StringComparison.Ordinal);
        Assert.Equal(["kept"], Directory.GetFileSystemEntries(_folder.Root).Select(f => Path.GetFileName(f)));
    }

    [Fact]
    public async Task GetAsync_HostileArchive_LeavesNothing()
    {
        byte[] archive = Archives.Tgz(("flower_photos/daisy/1.jpg", Photo()), ("../../daisy/2.jpg", Photo()));

        await Assert.ThrowsAsync<InvalidDatasetException>(() => GetAsync(Publish("flowers", archive)));

        Assert.Equal(["kept"], Directory.GetFileSystemEntries(_folder.Root).Select(f => Path.GetFileName(f)));
    }

    [Fact]
    public async Task GetAsync_SameNameTwice_IsRefused()
    {
        byte[] archive = Archives.Tgz(("flower_photos/daisy/1.jpg", Photo()), ("flower_photos/daisy/1.jpg", Photo()));

        Assert.Contains("occurs twice", (await Assert.ThrowsAsync<InvalidDatasetException>(() => GetAsync(Publish("flowers", archive)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetAsync_FolderHoldsSomethingElse_ChangesNothingAndFetchesNothing()
    {
        _folder.With("out/mine.txt");

        await Assert.ThrowsAsync<IOException>(() => GetAsync(Publish("flowers", Flowers())));

        Assert.Empty(_server.Requests);
        Assert.Equal(["mine.txt"], Directory.GetFiles(Out).Select(f => Path.GetFileName(f)));
    }

    [Fact]
    public async Task GetAsync_Canceled_LeavesNoFolder()
    {
        using var stop = new CancellationTokenSource();
        using var downloader = new DatasetDownloader(Options());
        var progress = new ProgressRecorder<int>(_ => stop.Cancel());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => downloader.GetAsync(
            Publish("flowers", Flowers()), Out, unpacking: progress, cancellationToken: stop.Token));

        Assert.Equal(["kept"], Directory.GetFileSystemEntries(_folder.Root).Select(f => Path.GetFileName(f)));
    }

    [Fact]
    public void Catalog_EveryFile_HasAnHttpsAddressAndAWholeHash() => Assert.All(
        DatasetCatalog.All.SelectMany(dataset => dataset.Files),
        file =>
        {
            Assert.Equal("https", file.Address.Scheme);
            Assert.Equal(64, file.Sha256?.Length);
            Assert.True(FileNames.IsPlain(file.Name));
        });

    [Fact]
    public void Get_UnknownName_ListsThoseThatThereAre() => Assert.Equal(
        "There is no dataset 'dogs'; there are cifar10, fashion-mnist, flowers, oxford-pets.",
        Assert.Throws<ArgumentException>(() => DatasetCatalog.Get("dogs")).Message);

    private static byte[] Flowers() => Archives.Tgz(
        ("flower_photos/daisy/1.jpg", Photo()), ("flower_photos/daisy/2.jpg", Photo()), ("flower_photos/roses/1.jpg", Photo()),
        ("flower_photos/LICENSE.txt", "CC BY"u8.ToArray()), ("flower_photos/roses/notes.txt", [1]));

    private static byte[] Photo() => JpegEncoder.Encode(new Image(8, 8));

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>A dataset of the catalog whose files have this content.</summary>
    private DatasetDefinition Publish(string name, params byte[][] contents)
    {
        DatasetDefinition dataset = DatasetCatalog.Get(name);
        DatasetFile[] files = [.. dataset.Files.Zip(contents, (file, content) => file with { Bytes = content.Length, Sha256 = Hash(content) })];
        foreach ((DatasetFile file, byte[] content) in files.Zip(contents))
        {
            _files[$"/{name}/{file.Name}"] = content;
        }

        return dataset with { Files = files };
    }

    private DatasetDownloaderOptions Options() => new()
    {
        Folder = _folder["kept"],
        Mirror = _server.Root,
        Download = new DownloaderOptions { FirstPause = TimeSpan.FromMilliseconds(1), Retries = 2 },
    };

    private async Task<DownloadedDataset> GetAsync(DatasetDefinition dataset, DatasetDownloaderOptions? options = null)
    {
        using var downloader = new DatasetDownloader(options ?? Options());
        return await downloader.GetAsync(dataset, Out);
    }
}
