namespace MLClassify.Evaluation;

/// <summary>A line of a chart on a page.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Style">Its class in the style sheet, such as <c>s0</c>.</param>
/// <param name="Values">A value per epoch, not finite where there is none.</param>
internal sealed record ChartSeries(string Name, string Style, IReadOnlyList<double> Values);
