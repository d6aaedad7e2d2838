using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.WeightFiles.Tests.Pretrained;

public sealed class WeightsImportTests : IDisposable
{
    private readonly CacheFixture _test = new(isOffline: true);

    public void Dispose() => _test.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("ResNet50")]
    public async Task ImportAsync_PublishedFile_IsKnownByItsHash(string? network)
    {
        string file = _test.File("download (1).bin");
        File.WriteAllBytes(file, _test.Content);

        ImportedWeights imported = await _test.Cache.ImportAsync(file, network);

        Assert.Equal(("resnet50", _test.Resnet, _test.Cache.PathOf(_test.Resnet)), (imported.Network, imported.Published, imported.Path));
        Assert.Equal(_test.Content, File.ReadAllBytes(imported.Path));
        Assert.False((await _test.Cache.EnsureAsync(_test.Resnet)).IsNew);
    }

    [Fact]
    public async Task ImportAsync_PublishedFileForAnotherNetwork_SaysSo()
    {
        string file = _test.File("x.pth");
        File.WriteAllBytes(file, _test.Content);

        var thrown = await Assert.ThrowsAsync<ArgumentException>(() => _test.Cache.ImportAsync(file, "vgg16"));

        Assert.Contains("weights of resnet50, not of vgg16", thrown.Message);
    }

    [Fact]
    public async Task ImportAsync_PublishedNameWithOtherContent_NamesBothHashes()
    {
        string file = _test.File(_test.Resnet.FileName);
        File.WriteAllText(file, "cut o");

        var thrown = await Assert.ThrowsAsync<InvalidWeightsException>(() => _test.Cache.ImportAsync(file, "resnet50"));

        Assert.Contains($"expected SHA-256 {_test.Resnet.Sha256}..., found", thrown.Message);
        Assert.False(_test.Cache.Contains(_test.Resnet));
    }

    [Fact]
    public async Task ImportAsync_OwnFile_IsCheckedAndFoundByPretrained()
    {
        string file = _test.WriteWeights("mine.safetensors", classes: 7);

        ImportedWeights imported = await _test.Cache.ImportAsync(file, "cifar_resnet20");

        Assert.Null(imported.Published);
        Assert.Equal($"cifar_resnet20-{imported.Sha256[..8]}.safetensors", Path.GetFileName(imported.Path));
        Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(imported.Path));
        InitialWeights? found = await _test.Resolver.ResolveAsync("cifar_resnet20", "pretrained");
        Assert.Equal((imported.Path, $"pretrained:{imported.Sha256[..8]}"), (found?.File, found?.Selection));

        // Again, and from where it is.
        Assert.Equal(imported, await _test.Cache.ImportAsync(file, "cifar_resnet20"));
        Assert.Equal(imported, await _test.Cache.ImportAsync(imported.Path, "cifar_resnet20"));
        Assert.Equal([imported.Path], Directory.GetFiles(_test.Cache.Folder));
    }

    [Fact]
    public async Task ImportAsync_OwnFileWithoutName_AsksForIt()
    {
        var thrown = await Assert.ThrowsAsync<ArgumentException>(() => _test.Cache.ImportAsync(_test.WriteWeights("mine.safetensors")));

        Assert.Contains("name the network", thrown.Message);
    }

    [Theory]
    [InlineData("vgg16_cifar")]
    [InlineData("cifar_resnet56")]
    public async Task ImportAsync_OwnFileOfAnotherNetwork_IsRefused(string network)
    {
        await Assert.ThrowsAsync<InvalidWeightsException>(() => _test.Cache.ImportAsync(_test.WriteWeights("mine.safetensors"), network));

        Assert.False(Directory.Exists(_test.Cache.Folder));
    }

    [Fact]
    public async Task ImportAsync_OwnFileCutOff_IsRefused()
    {
        string file = _test.WriteWeights("mine.safetensors");
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^100]);

        await Assert.ThrowsAsync<InvalidWeightsException>(() => _test.Cache.ImportAsync(file, "cifar_resnet20"));
    }

    [Theory]
    [InlineData("../cifar_resnet20")]
    [InlineData("cifar_resnet20/../../x")]
    [InlineData("")]
    public async Task ImportAsync_NameThatIsNoNetwork_IsRefused(string network) =>
        await Assert.ThrowsAsync<ArgumentException>(() => _test.Cache.ImportAsync(_test.WriteWeights("mine.safetensors"), network));

    [Fact]
    public async Task ImportAsync_NoSuchFile_SaysSo() =>
        await Assert.ThrowsAnyAsync<IOException>(() => _test.Cache.ImportAsync(_test.File("missing.pth")));

    [Fact]
    public async Task ImportAsync_FolderIsAFile_SaysSo()
    {
        using var test = new CacheFixture(home: typeof(WeightsImportTests).Assembly.Location);
        string file = test.File("x.pth");
        File.WriteAllBytes(file, test.Content);

        Exception thrown = await Assert.ThrowsAnyAsync<Exception>(() => test.Cache.ImportAsync(file));

        Assert.True(thrown is IOException or UnauthorizedAccessException, thrown.ToString());
    }
}
