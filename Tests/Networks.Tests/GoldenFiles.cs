using System.Text.Json;

namespace MLClassify.Networks.Tests;

/// <summary>What <c>Golden/make_golden.py</c> wrote.</summary>
internal static class GoldenFiles
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static string[] Parameters(string network) => File.ReadAllLines(PathOf("parameters", network + ".txt"));

    public static T Read<T>(string name) => JsonSerializer.Deserialize<T>(File.ReadAllText(PathOf(name)), Options)!;

    public static TheoryData<string, HeadKind> Theory(IEnumerable<(string Network, HeadKind Head)> cases)
    {
        var data = new TheoryData<string, HeadKind>();
        foreach ((string network, HeadKind head) in cases)
        {
            data.Add(network, head);
        }

        return data;
    }

    private static string PathOf(params string[] parts) => Path.Combine([AppContext.BaseDirectory, "Golden", .. parts]);
}
