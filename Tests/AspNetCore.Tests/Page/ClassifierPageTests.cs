using MLClassify.AspNetCore.Page;
using MLClassify.AspNetCore.Tests.Support;

namespace MLClassify.AspNetCore.Tests.Page;

[Collection(ModelCollection.Name)]
public sealed class ClassifierPageTests(ModelFixture model)
{
    [Fact]
    public async Task Get_Page_ForbidsWhatItDoesNotNeed()
    {
        await using Server server = await Server.StartAsync(model);

        using HttpResponseMessage response = await server.Client.GetAsync(new Uri("/", UriKind.Relative));

        string policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'sha256-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        string page = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain("http:", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https:", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_HostileNames_AreEscaped()
    {
        string page = ClassifierPage.Create(["<script>alert(1)</script>", "\"'&"], "/a\"><script>");

        Assert.Contains("<bdi>&lt;script&gt;alert(1)&lt;/script&gt;</bdi>, <bdi>&quot;&#x27;&amp;</bdi>.", page, StringComparison.Ordinal);
        Assert.Contains("data-predict=\"/a&quot;&gt;&lt;script&gt;\"", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "Knows one class: <bdi>0</bdi>.")]
    [InlineData(2, "Tells 2 classes apart: <bdi>0</bdi>, <bdi>1</bdi>.")]
    [InlineData(1000, "<bdi>11</bdi> and 988 more.")]
    public void Create_AnyNumberOfClasses_NamesTheFirst(int count, string expected)
    {
        string page = ClassifierPage.Create([.. Enumerable.Range(0, count).Select(i => $"{i}")], "/predict");

        Assert.Contains(expected, page, StringComparison.Ordinal);
    }
}
