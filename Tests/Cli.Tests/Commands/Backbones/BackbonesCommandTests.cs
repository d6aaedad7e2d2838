using System.Text.Json;

namespace MLClassify.Cli.Tests.Commands.Backbones;

public sealed class BackbonesCommandTests
{
    [Fact]
    public async Task Pull_Twice_FetchesOnceAndSaysWhere()
    {
        using var test = new PublishedTiny();

        ToolResult first = await Tool.Run(test.Options, "backbones", "pull", TinyNetwork.Name);
        ToolResult second = await Tool.Run(test.Options, "backbones", "pull", TinyNetwork.Name + ":v1", "--json");
        ToolResult forced = await Tool.Run(test.Options, "backbones", "pull", TinyNetwork.Name, "--force");

        Assert.Equal((0, ""), (first.Code, first.Error));
        Assert.StartsWith($"fetching {test.Tiny.FileName} (", first.OutputLines[0]);
        Assert.StartsWith($"{TinyNetwork.Name}: {test.CachedFile} (fetched, ", first.OutputLines[1]);
        JsonElement line = JsonDocument.Parse(Assert.Single(second.OutputLines)).RootElement;
        Assert.Equal("cached", line.GetProperty("event").GetString());
        Assert.Equal(test.CachedFile, line.GetProperty("path").GetString());
        Assert.Equal(test.Content.Length, line.GetProperty("bytes").GetInt32());
        Assert.StartsWith(test.Tiny.Sha256, line.GetProperty("sha256").GetString());
        Assert.Equal(0, forced.Code);
        Assert.Equal(2, test.Server.Requests.Count);
        Assert.Equal(test.Content, File.ReadAllBytes(test.CachedFile));
    }

    [Fact]
    public async Task Pull_Refused_SaysInOneLineWhatToDoAndExits1()
    {
        using var test = new PublishedTiny((_, stream) => LoopbackServer.SendHeadAsync(stream, "403 Forbidden", 0));

        ToolResult result = await Tool.Run(test.Options, "backbones", "pull", TinyNetwork.Name);

        Assert.Equal(1, result.Code);
        string line = Assert.Single(result.ErrorLines);
        Assert.StartsWith($"error: The weights of {TinyNetwork.Name} are not here: ", line);
        Assert.Contains("403 Forbidden", line);
        Assert.Contains($"mlclassify backbones import {test.Tiny.FileName}", line);
        Assert.Contains(test.CachedFile, line);
    }

    [Fact]
    public async Task Pull_MirrorGiven_IsAskedInstead()
    {
        using var test = new PublishedTiny();

        ToolResult result = await Tool.Run(
            test.Options with { Mirror = new Uri("http://127.0.0.1:1/") }, "backbones", "pull", TinyNetwork.Name, "--mirror", $"{test.Server.Root}deep/er");

        Assert.Equal(0, result.Code);
        Assert.Equal($"/deep/er/{test.Tiny.FileName}", Assert.Single(test.Server.Requests).Target);
    }

    [Fact]
    public async Task Import_PublishedFile_IsThenListedAndFound()
    {
        using var test = new PublishedTiny();
        File.WriteAllBytes(test["some file"], test.Content);

        ToolResult imported = await Tool.Run(test.Options, "backbones", "import", test["some file"]);
        ToolResult listed = await Tool.Run(test.Options, "backbones", "list", "--json");
        ToolResult plain = await Tool.Run(test.Options, "backbones", "list");
        ToolResult path = await Tool.Run(test.Options, "backbones", "path", TinyNetwork.Name);

        Assert.Equal($"{TinyNetwork.Name}: {test.CachedFile} (the published file, v1)", Assert.Single(imported.OutputLines));
        JsonElement row = listed.OutputLines.Select(l => JsonDocument.Parse(l).RootElement).Single(r => r.GetProperty("name").GetString() == TinyNetwork.Name);
        JsonElement weights = Assert.Single(row.GetProperty("weights").EnumerateArray());
        Assert.True(weights.GetProperty("cached").GetBoolean());
        Assert.Equal((test.Tiny.Sha256, 0.5), (weights.GetProperty("sha256_prefix").GetString(), weights.GetProperty("top1").GetDouble()));
        Assert.Equal($"https://download.pytorch.org/models/{test.Tiny.FileName}", weights.GetProperty("url").GetString());
        Assert.Contains("BSD-3-Clause", weights.GetProperty("licence").GetString());
        Assert.Contains("[v1]", Assert.Single(plain.OutputLines, l => l.StartsWith(TinyNetwork.Name, StringComparison.Ordinal)));
        Assert.Equal((test.CachedFile, ""), (Assert.Single(path.OutputLines), path.Error));
        Assert.Empty(test.Server.Requests);
    }

    [Fact]
    public async Task Import_OwnFile_GoesByItsNetworksName()
    {
        using var test = new PublishedTiny();
        test.Weights(5);

        ToolResult nameless = await Tool.Run(test.Options, "backbones", "import", test["5.safetensors"]);
        ToolResult other = await Tool.Run(test.Options, "backbones", "import", test["5.safetensors"], "--name", "squeezenet1_1");
        ToolResult imported = await Tool.Run(test.Options, "backbones", "import", test["5.safetensors"], "--name", TinyNetwork.Name, "--json");

        Assert.Equal(2, nameless.Code);
        Assert.Contains("--name NETWORK", nameless.Error);
        Assert.Equal(1, other.Code);
        Assert.Contains("another network", other.Error);
        Assert.Equal(0, imported.Code);
        JsonElement line = JsonDocument.Parse(imported.Output).RootElement;
        Assert.False(line.GetProperty("published").GetBoolean());
        Assert.True(File.Exists(line.GetProperty("path").GetString()));
    }

    [Fact]
    public async Task Path_NothingThere_SaysWhereItBelongs()
    {
        using var test = new PublishedTiny();

        ToolResult folder = await Tool.Run(test.Options, "backbones", "path");
        ToolResult file = await Tool.Run(test.Options, "backbones", "path", TinyNetwork.Name);
        ToolResult json = await Tool.Run(test.Options, "backbones", "path", TinyNetwork.Name, "--json");

        Assert.Equal(Path.GetDirectoryName(test.CachedFile), Assert.Single(folder.OutputLines));
        Assert.Equal(test.CachedFile, Assert.Single(file.OutputLines));
        Assert.StartsWith("warning: ", Assert.Single(file.ErrorLines));
        Assert.False(JsonDocument.Parse(json.Output).RootElement.GetProperty("cached").GetBoolean());
        Assert.Empty(test.Server.Requests);
    }
}
