using System.Text.Json;

namespace MLClassify.Networks.Tests;

/// <summary>What <c>Golden/make_golden.py</c> wrote.</summary>
internal static class GoldenFiles
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static string[] Parameters(string network) => File.ReadAllLines(PathOf("parameters", network + ".txt"));

    public static T Read<T>(string name) => JsonSerializer.Deserialize<T>(File.ReadAllText(PathOf(name)), Options)!;

    private static string PathOf(params string[] parts) => Path.Combine([AppContext.BaseDirectory, "Golden", .. parts]);
}
