namespace MLClassify;

/// <summary>One off-diagonal cell of a confusion matrix.</summary>
/// <param name="TrueLabel">The class that the images show.</param>
/// <param name="PredictedLabel">The class that they were taken for.</param>
/// <param name="Images">How many.</param>
public readonly record struct Confusion(int TrueLabel, int PredictedLabel, long Images);
