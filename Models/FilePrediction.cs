namespace MLClassify;

/// <summary>What came of one file among many.</summary>
/// <param name="Path">The file, as the caller named it.</param>
/// <param name="Prediction">What the classifier says; null when the file could not be read.</param>
/// <param name="Error">Why the file could not be read; null when it could.</param>
public sealed record FilePrediction(string Path, Prediction? Prediction, string? Error);
