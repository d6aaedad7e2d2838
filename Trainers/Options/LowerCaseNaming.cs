using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace MLClassify.Trainers;

/// <summary>Choices as the command line has them: <c>AdamW</c> is <c>adamw</c>.</summary>
internal sealed class LowerCaseNaming : JsonNamingPolicy
{
    public static LowerCaseNaming Instance { get; } = new();

    /// <summary>A choice's name.</summary>
    public static string NameOf<T>(T value)
        where T : struct, Enum => Instance.ConvertName(value.ToString());

    [SuppressMessage("Globalization", "CA1308:Normalize strings to uppercase", Justification = "the names are lower-case")]
    public override string ConvertName(string name) => name.ToLowerInvariant();
}
