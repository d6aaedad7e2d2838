using MLClassify.Networks;
using MLClassify.Networks.Tests;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.WeightFiles.Tests.Pretrained;

public class PublishedWeightsTableTests
{
    private static readonly PublishedWeightsTable Table = PublishedWeightsTable.Default;

    [Fact]
    public void Default_Registry_EveryNetworkHasARowOrAReason() => Assert.All(NetworkRegistry.Default.Names, name =>
        Assert.True(Table.Of(name).Count > 0 ^ Table.Unpublished.ContainsKey(name), name));

    [Fact]
    public void Default_Rows_AreOfNetworksOfTheRegistry()
    {
        Assert.All(Table.Rows, row => Assert.Contains(row.Network, NetworkRegistry.Default.Names));
        Assert.All(Table.Unpublished, pair => Assert.Contains(pair.Key, NetworkRegistry.Default.Names));
    }

    /// <summary>The golden file is torchvision's own word; see <c>Golden/make_published.py</c>.</summary>
    [Fact]
    public void Default_Rows_AreWhatTorchvisionSays()
    {
        IEnumerable<Golden> found = Table.Rows.Select(r => new Golden(r.Network, r.Variant, r.Address.AbsoluteUri, Math.Round(100 * r.Top1, 3), r.ResizeSize));

        Assert.Equal(GoldenFiles.Read<Golden[]>("published.json").OrderBy(Key, StringComparer.Ordinal), found.OrderBy(Key, StringComparer.Ordinal));
    }

    [Fact]
    public void Default_Rows_EndInTheirHash() => Assert.All(Table.Rows, row =>
    {
        Assert.Equal($"-{row.Sha256}.pth", row.FileName[^13..]);
        Assert.True(Common.Sha256.IsPrefix(row.Sha256));
    });

    [Fact]
    public void Default_Hashes_AreDifferent() => Assert.Equal(Table.Rows.Count, Table.Rows.Select(r => r.Sha256).Distinct().Count());

    // Four bytes a parameter, and up to 3 % for the statistics of normalizations and the format (densenet has most of both).
    [Fact]
    public void Default_Sizes_AreThoseOfTheirNetworks() => Assert.All(Table.Rows, row =>
    {
        long parameters = NetworkRegistry.Default.Get(row.Network).Build(new NetworkOptions()).ParameterCount;
        double share = row.Mebibytes * (1 << 20) / (4.0 * parameters);
        Assert.InRange(share, 1, 1.03);
    });

    [Fact]
    public void DefaultOf_Network_HasTheRegistrysAccuracy() => Assert.All(NetworkRegistry.Default.Definitions, definition =>
        Assert.Equal(definition.PublishedTop1, Table.DefaultOf(definition.Name)?.Top1));

    [Fact]
    public void Of_TwoVersions_TheDefaultIsFirst() =>
        Assert.Equal([("v1", 256), ("v2", 232)], Table.Of("ResNet50").Select(r => (r.Variant, r.ResizeSize)));

    [Fact]
    public void ByHash_KnownAndUnknown_AreTold()
    {
        Assert.Equal("v2", Table.ByHash("11ad3fa6" + new string('0', 56))?.Variant);
        Assert.Null(Table.ByHash(new string('0', 64)));
    }

    [Theory]
    [InlineData("../resnet50-0676ba61.pth")]
    [InlineData("a/resnet50-0676ba61.pth")]
    [InlineData("resnet50-nohash00.pth")]
    [InlineData("0676ba61.pth")]
    [InlineData("")]
    public void Constructor_NameThatIsNotOfAPublishedFile_Throws(string name) =>
        Assert.Throws<ArgumentException>(() => new PublishedWeightsTable([new PublishedWeights("resnet50", "v1", name, 0.5, 1)]));

    [Fact]
    public void Constructor_NoDefault_Throws() => Assert.Throws<ArgumentException>(
        () => new PublishedWeightsTable([new PublishedWeights("resnet50", "v1", "resnet50-0676ba61.pth", 0.5, 1, IsDefault: false)]));

    private static string Key(Golden row) => row.Network + row.Variant;

    private sealed record Golden(string Network, string Variant, string Url, double Top1, int Resize);
}
