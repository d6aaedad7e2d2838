using System.Diagnostics;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.WeightFiles.Tests.Pretrained;

public sealed class DefaultBackboneTests
{
    private static readonly EmbeddedBackbone Embedded = new("cifar_resnet20", () => throw new NotSupportedException());

    [Fact]
    public async Task ChooseAsync_ServerAnswers_FetchesResNet50()
    {
        using var test = new CacheFixture(embedded: Embedded);

        ResolvedBackbone choice = await DefaultBackbone.ChooseAsync(test.Resolver);

        Assert.Equal(("resnet50", $"pretrained resnet50 ({test.Resnet.FileName})"), (choice.Network, choice.Reason));
        Assert.True(test.Cache.Contains(test.Resnet));
    }

    [Fact]
    public async Task ChooseAsync_Cached_AsksNobody()
    {
        using var test = new CacheFixture(embedded: Embedded);
        await test.Cache.EnsureAsync(test.Resnet);
        using var offline = new WeightsCache(test.Options with { IsOffline = true });

        Assert.Equal("resnet50", (await DefaultBackbone.ChooseAsync(test.Resolver)).Network);
        Assert.Equal(test.Cache.PathOf(test.Resnet), (await DefaultBackbone.ChooseAsync(new WeightResolver(offline))).Weights?.File);
        Assert.Single(test.Server.Requests);
    }

    [Fact]
    public async Task ChooseAsync_Offline_TakesTheEmbeddedOne()
    {
        using var test = new CacheFixture(isOffline: true, embedded: Embedded);

        ResolvedBackbone choice = await DefaultBackbone.ChooseAsync(test.Resolver);

        Assert.Equal(("cifar_resnet20", WeightSelection.Embedded), (choice.Network, choice.Weights?.Selection));
        Assert.StartsWith("the embedded cifar_resnet20; resnet50's weights are not here: nothing is fetched", choice.Reason);
        Assert.Empty(test.Server.Requests);
    }

    [Fact]
    public async Task ChooseAsync_NothingEmbedded_DoesNotInitializeAtRandom()
    {
        using var test = new CacheFixture(isOffline: true);

        await Assert.ThrowsAsync<ArgumentException>(() => DefaultBackbone.ChooseAsync(test.Resolver));
    }

    [Fact]
    public async Task ChooseAsync_NetworkAlone_IsPretrained()
    {
        using var test = new CacheFixture(embedded: Embedded);

        ResolvedBackbone choice = await DefaultBackbone.ChooseAsync(test.Resolver, "resnet50");
        ResolvedBackbone embedded = await DefaultBackbone.ChooseAsync(test.Resolver, "cifar_resnet20");

        Assert.Equal(test.Cache.PathOf(test.Resnet), choice.Weights?.File);
        Assert.Equal(WeightSelection.Embedded, embedded.Weights?.Selection);
    }

    [Fact]
    public async Task ChooseAsync_NetworkWithoutPublishedWeights_AsksForAChoice()
    {
        using var test = new CacheFixture(embedded: Embedded);

        UnknownWeightsException error = await Assert.ThrowsAsync<UnknownWeightsException>(() => DefaultBackbone.ChooseAsync(test.Resolver, "vgg16"));

        Assert.Contains("random initialization", error.Message);
        Assert.Null((await DefaultBackbone.ChooseAsync(test.Resolver, "vgg16", WeightSelection.None)).Weights);
    }

    [Fact]
    public async Task ChooseAsync_NetworkOffline_IsNotExchanged()
    {
        using var test = new CacheFixture(isOffline: true, embedded: Embedded);

        await Assert.ThrowsAsync<WeightsUnavailableException>(() => DefaultBackbone.ChooseAsync(test.Resolver, "resnet50"));
        await Assert.ThrowsAsync<WeightsUnavailableException>(() => DefaultBackbone.ChooseAsync(test.Resolver, weights: WeightSelection.Pretrained));
    }

    [Fact]
    public async Task ChooseAsync_ServerIsSilent_DecidesInTime()
    {
        using var test = new CacheFixture(handler: (_, stream) => LoopbackServer.StaySilentAsync(stream), embedded: Embedded);
        using var cache = new WeightsCache(test.Options with { ProbeTimeout = TimeSpan.FromMilliseconds(300) });

        ResolvedBackbone choice = await DefaultBackbone.ChooseAsync(new WeightResolver(cache)).OrHang();

        Assert.Equal("cifar_resnet20", choice.Network);
    }

    [Theory]
    [InlineData("403 Forbidden")]
    [InlineData("503 Service Unavailable")]
    public async Task ChooseAsync_ServerRefuses_TakesTheEmbeddedOne(string status)
    {
        using var test = new CacheFixture(handler: (_, stream) => LoopbackServer.SendHeadAsync(stream, status, 0), embedded: Embedded);

        Assert.Contains(status, (await DefaultBackbone.ChooseAsync(test.Resolver)).Reason);
    }

    [Fact]
    public async Task ChooseAsync_DownloadFailsAfterAnAnswer_TakesTheEmbeddedOne()
    {
        using var test = new CacheFixture(
            handler: (request, stream) => LoopbackServer.SendFileAsync(request, stream, "something else"u8.ToArray()), embedded: Embedded);

        ResolvedBackbone choice = await DefaultBackbone.ChooseAsync(test.Resolver);

        Assert.Equal("cifar_resnet20", choice.Network);
        Assert.Contains("expected SHA-256", choice.Reason);
    }

    [Fact]
    public async Task ChooseAsync_Canceled_Throws()
    {
        using var test = new CacheFixture(embedded: Embedded);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DefaultBackbone.ChooseAsync(test.Resolver, cancellationToken: new CancellationToken(true)));
    }
}
