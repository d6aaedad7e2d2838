using System.Globalization;

namespace MLClassify.Testing;

/// <summary>What a client asked a <see cref="LoopbackServer"/> for.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Headers">The headers, by name in any letter case.</param>
/// <param name="Number">Which request to this server it is, from 1.</param>
public sealed record LoopbackRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, int Number)
{
    /// <summary>The first byte that is asked for; 0 without a range.</summary>
    public int Offset => Headers.TryGetValue("Range", out string? range) ? int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture) : 0;
}
