using System.Text.Json;

namespace MLClassify.Reports;

/// <summary>The configuration of a run: its <c>args.json</c>.</summary>
public sealed record RunArguments
{
    private const long LargestFile = 64 << 20;

    /// <summary>The program's version.</summary>
    public required string Version { get; init; }

    /// <summary>Where the images come from, such as the folder and the split; null for nothing. Read from a file, the values are <see cref="JsonElement"/>s.</summary>
    public IReadOnlyDictionary<string, object?>? Data { get; init; }

    /// <summary>The classes' names.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Training images.</summary>
    public int TrainImages { get; init; }

    /// <summary>Images held out.</summary>
    public int ValidationImages { get; init; }

    /// <summary>How it was trained.</summary>
    public required FineTuneOptions Options { get; init; }

    /// <summary>Reads the file.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="InvalidDataException">The content is not what a run writes; the message names the file and the place.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static RunArguments Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (new FileInfo(path).Length > LargestFile)
        {
            throw new InvalidDataException($"{path}: the file is too large to be a run's arguments");
        }

        try
        {
            byte[] json = File.ReadAllBytes(path);
            RunArguments? read = JsonSerializer.Deserialize(json, RunJson.Compact.RunArguments);
            return read?.Options is null
                ? throw new InvalidDataException($"{path}: found null, expected a run's arguments")
                : read;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }
}
