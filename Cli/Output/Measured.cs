namespace MLClassify.Cli.Output;

/// <summary>What measuring a classifier came to.</summary>
/// <param name="Report">The figures.</param>
/// <param name="Skipped">Files that could not be read.</param>
internal sealed record Measured(EvaluationResult Report, IReadOnlyList<SkippedFile> Skipped);
