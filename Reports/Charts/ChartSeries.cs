namespace MLClassify.Reports;

/// <summary>A line of a chart.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Style">How it looks.</param>
/// <param name="Values">A value per epoch, not finite where there is none.</param>
internal sealed record ChartSeries(string Name, SeriesStyle Style, IReadOnlyList<double> Values);
