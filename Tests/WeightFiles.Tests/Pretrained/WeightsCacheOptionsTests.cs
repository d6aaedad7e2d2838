using MLClassify.Common;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.WeightFiles.Tests.Pretrained;

public class WeightsCacheOptionsTests
{
    [Fact]
    public void FromEnvironment_NothingSet_FetchesFromTorchvision()
    {
        WeightsCacheOptions options = WeightsCacheOptions.FromEnvironment(_ => null);

        Assert.Equal((null, null, false), (options.Folder, options.Mirror, options.IsOffline));
    }

    [Fact]
    public void FromEnvironment_AllSet_FollowsThem()
    {
        var environment = new Dictionary<string, string?> { ["MLCLASSIFY_HOME"] = "home", ["MLCLASSIFY_MIRROR"] = "https://mirror.example/x", ["MLCLASSIFY_OFFLINE"] = "1" };

        WeightsCacheOptions options = WeightsCacheOptions.FromEnvironment(environment.GetValueOrDefault);

        Assert.Equal(Path.GetFullPath("home/weights"), options.Folder);
        Assert.Equal(new Uri("https://mirror.example/x/"), options.Mirror);
        Assert.True(options.IsOffline);
        using var cache = new WeightsCache(options);
        Assert.Equal("https://mirror.example/x/resnet18-f37072fd.pth", cache.AddressOf(options.Table.DefaultOf("resnet18")!).AbsoluteUri);
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("true", true)]
    [InlineData("yes", true)]
    [InlineData("0", false)]
    [InlineData("false", false)]
    [InlineData(" ", false)]
    [InlineData("", false)]
    public void FromEnvironment_Offline_IsUnderstood(string value, bool expected) =>
        Assert.Equal(expected, WeightsCacheOptions.FromEnvironment(name => name == "MLCLASSIFY_OFFLINE" ? value : null).IsOffline);

    [Theory]
    [InlineData("mirror")]
    [InlineData("http://mirror.example/")]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("file:///folder")]
    public void FromEnvironment_MirrorThatIsNotSafe_Throws(string mirror)
    {
        var thrown = Assert.Throws<ArgumentException>(
            () => WeightsCacheOptions.FromEnvironment(name => name == "MLCLASSIFY_MIRROR" ? mirror : null));

        Assert.Contains("MLCLASSIFY_MIRROR", thrown.Message);
    }

    [Theory]
    [InlineData("http://127.0.0.1:80")]
    [InlineData("http://localhost/a/")]
    [InlineData("http://[::1]:8080/a")]
    [InlineData("https://mirror.example/a")]
    public void ParseMirror_SafeAddress_EndsInASlash(string text) => Assert.EndsWith("/", FetchSettings.ParseMirror(text, "test").AbsoluteUri);
}
