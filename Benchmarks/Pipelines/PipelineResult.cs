using System.Text.Json;

namespace MLClassify.Benchmarks.Pipelines;

/// <summary>What was measured of a pipeline: a line of the file.</summary>
internal sealed record PipelineResult
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The pipeline's name.</summary>
    public required string Row { get; init; }

    /// <summary>Images that it learned from.</summary>
    public required int TrainImages { get; init; }

    /// <summary>Images that it was measured on.</summary>
    public required int TestImages { get; init; }

    /// <summary>How many of these it recognized.</summary>
    public required long Correct { get; init; }

    /// <summary>Processor seconds of training, of all threads.</summary>
    public required double TrainingCpuS { get; init; }

    /// <summary>Processor seconds of scoring.</summary>
    public required double ScoringCpuS { get; init; }

    /// <summary>Whether it is of the same pipeline and as many images.</summary>
    public bool IsOf(string row, int trainImages, int testImages) => (Row, TrainImages, TestImages) == (row, trainImages, testImages);

    /// <summary>The line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>The lines of a file; none where there is no file.</summary>
    /// <exception cref="InvalidDataException">A line is none of these.</exception>
    public static IReadOnlyList<PipelineResult> Read(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            return [.. File.ReadLines(path).Where(line => line.Length > 0).Select(line => JsonSerializer.Deserialize<PipelineResult>(line, Json)!)];
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }
}
