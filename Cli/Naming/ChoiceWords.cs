using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json.Serialization;

namespace MLClassify.Cli.Naming;

/// <summary>What the members of a choice are called on the command line.</summary>
internal static class ChoiceWords
{
    /// <summary>The words, in the order of the members.</summary>
    [SuppressMessage("Globalization", "CA1308:Normalize strings to uppercase", Justification = "the command line's words are lower-case")]
    public static string[] Of<T>()
        where T : struct, Enum =>
        [.. Enum.GetNames<T>().Select(name => typeof(T).GetField(name)!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? name.ToLowerInvariant())];

    /// <summary>The members with their words.</summary>
    public static IReadOnlyDictionary<string, string> ByMember<T>()
        where T : struct, Enum =>
        Enum.GetNames<T>().Zip(Of<T>()).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
}
