using System.Globalization;

namespace MLClassify.Reports;

/// <summary>Counts in words.</summary>
internal static class Plural
{
    /// <summary>A number with its noun: <c>1 image</c>, <c>3,670 images</c>.</summary>
    public static string Of(long count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");
}
