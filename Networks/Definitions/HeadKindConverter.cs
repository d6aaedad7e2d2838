using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLClassify.Networks;

/// <summary>Writes a head's kind as <c>native</c>, <c>linear</c> or <c>hidden</c>; numbers are refused.</summary>
internal sealed class HeadKindConverter() : JsonStringEnumConverter<HeadKind>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);
