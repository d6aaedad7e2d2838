namespace MLClassify;

/// <summary>The result for one of many files: a prediction, or the reason why the file could not be read.</summary>
/// <param name="Path">The file, as the caller named it.</param>
/// <param name="Prediction">The prediction; null when the file could not be read.</param>
/// <param name="Error">Why the file could not be read; null when it could.</param>
public sealed record FilePrediction(string Path, Prediction? Prediction, string? Error);
