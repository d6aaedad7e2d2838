using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace MLClassify.AspNetCore.Http;

/// <summary>A class and its probability.</summary>
internal sealed record ClassDocument(string Label, float Score);

/// <summary>What is said about one file.</summary>
internal sealed record FileDocument
{
    /// <summary>The file's name in the form; absent where there is none.</summary>
    public string? File { get; init; }

    public string? Label { get; init; }

    public float? Score { get; init; }

    /// <summary>The likeliest classes, the likeliest first.</summary>
    public IReadOnlyList<ClassDocument>? Top { get; init; }

    /// <summary>Why there are no classes.</summary>
    public ProblemDocument? Error { get; init; }
}

/// <summary>The answer to a form with several files, in their order.</summary>
internal sealed record FilesDocument(IReadOnlyList<FileDocument> Predictions);

/// <summary>Problem details (RFC 9457), with a word for programs.</summary>
internal sealed record ProblemDocument(string Title, int Status, string Detail, string Reason);

/// <summary>The documents' JSON, written without reflection: snake_case, what is null left out, letters of every language as they are.</summary>
[JsonSerializable(typeof(FileDocument))]
[JsonSerializable(typeof(FilesDocument))]
[JsonSerializable(typeof(ProblemDocument))]
internal sealed partial class DocumentsContext : JsonSerializerContext
{
    /// <summary>The one to use; angle brackets and quotes are escaped, for who puts an answer into a page.</summary>
    public static DocumentsContext Web { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    });
}
