using System.Text.Json;

namespace MLClassify.Testing;

/// <summary>A folder of golden files: expected values that a script wrote, which lies beside them. Read where they are in the repository.</summary>
/// <param name="folder">The folder below <c>Tests</c>, with forward slashes.</param>
public sealed class GoldenFolder(string folder)
{
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The ONNX models that PyTorch exported; several test projects read them.</summary>
    public static GoldenFolder Onnx { get; } = new("WeightFiles.Tests/Golden/onnx");

    /// <summary>The folder's full path.</summary>
    public string Root { get; } = Path.Combine([SharedData.RepositoryRoot, "Tests", .. folder.Split('/')]);

    /// <summary>The full path of a file in the folder.</summary>
    /// <param name="name">Its name, or relative path with forward slashes.</param>
    public string this[string name] => Path.Combine([Root, .. name.Split('/')]);

    /// <summary>A file's content.</summary>
    /// <param name="name">Its name.</param>
    public byte[] Bytes(string name) => File.ReadAllBytes(this[name]);

    /// <summary>A text file's lines.</summary>
    /// <param name="name">Its name.</param>
    public string[] Lines(string name) => File.ReadAllLines(this[name]);

    /// <summary>A JSON file whose names are in snake_case.</summary>
    /// <typeparam name="T">What it holds.</typeparam>
    /// <param name="name">Its name.</param>
    public T Json<T>(string name) => JsonSerializer.Deserialize<T>(File.ReadAllText(this[name]), SnakeCase)!;
}
