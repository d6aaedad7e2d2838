using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.WeightFiles.Tests.Pretrained;

public sealed class WeightResolverTests
{
    [Theory]
    [InlineData("none")]
    public async Task ResolveAsync_None_IsNull(string? selection)
    {
        using var test = new CacheFixture();
        Assert.Null(await test.Resolver.ResolveAsync("resnet50", selection));
    }

    [Theory]
    [InlineData("pretrained")]
    [InlineData("pretrained:v1")]
    [InlineData("hash")]
    public async Task ResolveAsync_Published_IsFetchedAndNamedExactly(string selection)
    {
        using var test = new CacheFixture();
        selection = selection == "hash" ? $"pretrained:{test.Resnet.Sha256}" : selection;

        InitialWeights? weights = await test.Resolver.ResolveAsync("ResNet50", selection);

        Assert.NotNull(weights);
        Assert.Equal(($"pretrained:{test.Resnet.Sha256}", test.Resnet.FileName, 256), (weights.Selection, weights.Description, weights.ResizeSize));
        Assert.Equal(test.Content, File.ReadAllBytes(weights.File!));
    }

    [Fact]
    public async Task ResolveAsync_SecondVersion_BringsItsPreprocessing()
    {
        using var test = new CacheFixture();
        Directory.CreateDirectory(test.Cache.Folder);

        // The content is another one's: with the network allowed it would be fetched again.
        await Assert.ThrowsAsync<WeightsUnavailableException>(() => test.Resolver.ResolveAsync("resnet50", "pretrained:v2"));
        Assert.Equal($"/mirror/{test.Second.FileName}", test.Server.Requests[0].Target);
        Assert.Equal(232, test.Second.ResizeSize);
    }

    [Fact]
    public async Task ResolveAsync_File_IsOpened()
    {
        using var test = new CacheFixture();
        string file = test.WriteWeights("mine.safetensors");

        InitialWeights? weights = await test.Resolver.ResolveAsync("cifar_resnet20", file);

        Assert.Equal((file, "mine.safetensors", file), (weights?.Selection, weights?.Description, weights?.File));
        using IWeightFile opened = weights!.Open();
        Assert.NotEmpty(opened.Entries);
    }

    [Fact]
    public async Task ResolveAsync_ImportedAndPublished_ThePublishedWinsWhereItIsHere()
    {
        using var test = new CacheFixture();
        Directory.CreateDirectory(test.Cache.Folder);
        string imported = Path.Combine(test.Cache.Folder, "resnet50-12345678.safetensors");
        File.WriteAllText(imported, "");

        Assert.Equal(imported, (await test.Resolver.ResolveAsync("resnet50", "pretrained"))?.File);
        Assert.Empty(test.Server.Requests);

        await test.Cache.EnsureAsync(test.Resnet);
        Assert.Equal(test.Cache.PathOf(test.Resnet), (await test.Resolver.ResolveAsync("resnet50", "pretrained"))?.File);
        Assert.Equal(imported, (await test.Resolver.ResolveAsync("resnet50", "pretrained:12345678"))?.File);
    }

    [Fact]
    public async Task ResolveAsync_SeveralImported_AsksWhich()
    {
        using var test = new CacheFixture();
        Directory.CreateDirectory(test.Cache.Folder);
        File.WriteAllText(Path.Combine(test.Cache.Folder, "vgg16-12345678.pth"), "");
        File.WriteAllText(Path.Combine(test.Cache.Folder, "vgg16-87654321.pth"), "");

        var thrown = await Assert.ThrowsAsync<ArgumentException>(() => test.Resolver.ResolveAsync("vgg16", "pretrained"));

        Assert.Contains("pretrained:12345678, pretrained:87654321", thrown.Message);
    }

    [Theory]
    [InlineData("vgg16_cifar", "pretrained", typeof(UnknownWeightsException), "No weights are published for vgg16_cifar (for a reason)")]
    [InlineData("vgg16", "pretrained", typeof(UnknownWeightsException), "No weights are published for vgg16;")]
    [InlineData("resnet50", "pretrained:v3", typeof(UnknownWeightsException), "resnet50 has no weights 'v3'; known: v1 (")]
    [InlineData("resnet50", "embedded", typeof(ArgumentException), "There is no embedded network")]
    [InlineData("resnet51", "pretrained", typeof(ArgumentException), "Unknown network 'resnet51'")]
    public async Task ResolveAsync_Nothing_SaysWhatThereIs(string network, string selection, Type error, string expected)
    {
        using var test = new CacheFixture();

        Exception thrown = await Assert.ThrowsAsync(error, () => test.Resolver.ResolveAsync(network, selection));

        Assert.Contains(expected, thrown.Message);
    }

    [Fact]
    public async Task ResolveAsync_Embedded_IsOfItsNetworkOnly()
    {
        using var test = new CacheFixture(embedded: new EmbeddedBackbone("cifar_resnet20", () => throw new NotSupportedException()));

        InitialWeights? weights = await test.Resolver.ResolveAsync("cifar_resnet20", "embedded");

        Assert.Equal(("embedded", null, null), (weights?.Selection, weights?.File, weights?.ResizeSize));
        await Assert.ThrowsAsync<ArgumentException>(() => test.Resolver.ResolveAsync("resnet50", "embedded"));
    }
}
