using MLClassify.WeightFiles.Packages;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.WeightFiles.Tests.Pretrained;

public sealed class PackageWeightsTests : IDisposable
{
    private static readonly EmbeddedBackbone Embedded = new("cifar_resnet56", () => throw new NotSupportedException());

    private readonly FakePackage _fake = new("cifar_resnet20");
    private readonly CacheFixture _offline = new(isOffline: true, embedded: Embedded);

    private string Packages => _offline.File("packages");

    public void Dispose() => _offline.Dispose();

    [Fact]
    public async Task ResolveAsync_PackageThatIsHere_IsOpenedWithItsPreparation()
    {
        _fake.Restore(Packages, "0.23.1");

        InitialWeights? weights = await Resolver().ResolveAsync("cifar_resnet20", WeightSelection.Package(FakePackage.Id));

        Assert.Equal((WeightSelection.Package(FakePackage.Id, "0.23.1"), $"{FakePackage.Id} 0.23.1"), (weights!.Selection, weights.Description));
        Assert.Equal(new WeightInput(true, FakePackage.Mean[0], FakePackage.Mean[1], FakePackage.Mean[2]), weights.Input);
        using IWeightFile file = weights.Open();
        Assert.Contains(file.Entries, e => e.Name == "conv1.weight");
    }

    [Fact]
    public async Task ResolveAsync_Package_RefusesAnotherPreprocessing()
    {
        _fake.Restore(Packages, "0.23.1");
        InitialWeights? weights = await Resolver().ResolveAsync("cifar_resnet20", WeightSelection.Package(FakePackage.Id));

        Assert.Throws<InvalidOperationException>(() => weights!.ResizeRatioFor(Networks.NetworkRegistry.Default.Get("cifar_resnet20")));
    }

    [Fact]
    public async Task ResolveAsync_Offline_SaysWhereItLooked()
    {
        IOException error = await Assert.ThrowsAsync<IOException>(() => Resolver().ResolveAsync("cifar_resnet20", WeightSelection.Package(FakePackage.Id)));

        Assert.StartsWith($"The package {FakePackage.Id} 0.23.1 is not here: nothing is fetched, because downloads are disabled", error.Message);
        Assert.Contains(Packages, error.Message);
    }

    [Fact]
    public async Task ResolveAsync_NamedFolder_RestoresNothing()
    {
        using var cache = new WeightsCache(_fake.In(Packages, _offline.Options) with { IsOffline = false });

        IOException error = await Assert.ThrowsAsync<IOException>(
            () => new WeightResolver(cache).ResolveAsync("cifar_resnet20", WeightSelection.Package(FakePackage.Id, "0.22.0")));

        Assert.StartsWith($"The package {FakePackage.Id} 0.22.0 is not here: nothing is restored", error.Message);
    }

    [Fact]
    public async Task ResolveAsync_UnknownPackage_NamesTheKnown()
    {
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => Resolver().ResolveAsync("cifar_resnet20", "package:Some.Other"));

        Assert.Equal($"The package 'Some.Other' is not known to hold weights; known: {FakePackage.Id}.", error.Message);
    }

    [Fact]
    public async Task ResolveAsync_AnotherNetwork_SaysWhose()
    {
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => Resolver().ResolveAsync("resnet18", WeightSelection.Package(FakePackage.Id)));

        Assert.Contains("holds weights of cifar_resnet20, not of resnet18", error.Message);
    }

    [Fact]
    public async Task ChooseAsync_PackageNamed_KnowsTheNetwork()
    {
        _fake.Restore(Packages, "0.23.1");

        ResolvedBackbone choice = await DefaultBackbone.ChooseAsync(Resolver(), weights: WeightSelection.Package(FakePackage.Id));

        Assert.Equal(("cifar_resnet20", $"pretrained cifar_resnet20 ({FakePackage.Id} 0.23.1)"), (choice.Network, choice.Reason));
    }

    [Fact]
    public async Task ChooseAsync_NetworkOfAPackage_TakesIt()
    {
        _fake.Restore(Packages, "0.23.1");

        Assert.Equal(WeightKind.Package, (await DefaultBackbone.ChooseAsync(Resolver(), "cifar_resnet20")).Weights?.Selection.Kind);
    }

    [Fact]
    public async Task ChooseAsync_NothingNamed_PackageComesAfterPublishedWeightsAndBeforeTheEmbeddedOnes()
    {
        using var online = new CacheFixture(embedded: Embedded);
        using var fetching = new WeightsCache(_fake.In(Packages, online.Options));
        _fake.Restore(Packages, "0.23.1");

        ResolvedBackbone published = await DefaultBackbone.ChooseAsync(new WeightResolver(fetching) { AllowsPackages = true });
        ResolvedBackbone package = await DefaultBackbone.ChooseAsync(Resolver(allowsPackages: true));
        ResolvedBackbone embedded = await DefaultBackbone.ChooseAsync(Resolver());
        Directory.Delete(Packages, recursive: true);
        ResolvedBackbone last = await DefaultBackbone.ChooseAsync(Resolver(allowsPackages: true));

        Assert.Equal(["resnet50", "cifar_resnet20", "cifar_resnet56", "cifar_resnet56"], [published.Network, package.Network, embedded.Network, last.Network]);
        Assert.StartsWith($"pretrained cifar_resnet20 ({FakePackage.Id} 0.23.1); resnet50's weights are not here: nothing is fetched", package.Reason);
        Assert.StartsWith("the embedded cifar_resnet56; resnet50's weights are not here: nothing is fetched", last.Reason);
    }

    [UnixFact]
    public async Task ChooseAsync_NuGetCannotRestore_TakesTheEmbeddedOnesAndSaysWhy()
    {
        using CacheFixture refusing = Refusing();
        using var cache = new WeightsCache(WithScript(refusing, "echo 'error NU1301: no'; exit 1"));

        ResolvedBackbone choice = await DefaultBackbone.ChooseAsync(new WeightResolver(cache) { AllowsPackages = true });

        Assert.StartsWith("the embedded cifar_resnet56; resnet50's weights are not here: ", choice.Reason);
        Assert.EndsWith("NuGet has no source of packages", choice.Reason);
    }

    [UnixFact]
    public async Task ChooseAsync_NuGetRestores_SaysSoInOneLine()
    {
        using CacheFixture refusing = Refusing();
        string made = refusing.File("made");
        _fake.Restore(made, "0.23.1");
        using var cache = new WeightsCache(WithScript(refusing, $"""
            [ "$1" = nuget ] && echo "E {refusing.File("")}"
            [ "$1" = restore ] && mkdir -p "{refusing.File("user")}/.nuget" && cp -r "{made}" "{refusing.File("user")}/.nuget/packages"
            exit 0
            """));

        ResolvedBackbone choice = await DefaultBackbone.ChooseAsync(new WeightResolver(cache) { AllowsPackages = true });

        Assert.StartsWith($"pretrained cifar_resnet20 ({FakePackage.Id} 0.23.1, 1 MB restored by NuGet); resnet50's weights are not here: ", choice.Reason);
    }

    private static CacheFixture Refusing() => new(embedded: Embedded, handler: (_, stream) => stream.WriteAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray()).AsTask());

    private WeightsCacheOptions WithScript(CacheFixture test, string content)
    {
        Directory.CreateDirectory(test.File("bin"));
        Directory.CreateDirectory(test.File("user"));
        File.WriteAllText(test.File("bin/dotnet"), $"#!/bin/sh\n{content}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(test.File("bin/dotnet"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return test.Options with
        {
            PackageFolder = null,
            NuGet = _fake.Settings() with
            {
                ProgramFolder = test.File("program"),
                WorkingFolder = test.File(""),
                UserFolder = test.File("user"),
                Environment = name => name == "PATH" ? $"{test.File("bin")}:/bin:/usr/bin" : null,
                ListLimit = Waiting.Limit,
            },
        };
    }

    private WeightResolver Resolver(bool allowsPackages = false) =>
        new(new WeightsCache(_fake.In(Packages, _offline.Options))) { AllowsPackages = allowsPackages };
}
