using System.Collections.Concurrent;
using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace MLClassify.Benchmarks.Short;

/// <summary>What a benchmark gets through in a second, in its own unit: megapixels, gigabytes. The benchmark's set-up says how much a call does.</summary>
internal sealed class RateColumn : IColumn
{
    private static readonly ConcurrentDictionary<string, (double Amount, string Unit)> Amounts = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Id => nameof(RateColumn);

    /// <inheritdoc/>
    public string ColumnName => "Rate";

    /// <inheritdoc/>
    public bool AlwaysShow => true;

    /// <inheritdoc/>
    public ColumnCategory Category => ColumnCategory.Statistics;

    /// <inheritdoc/>
    public int PriorityInCategory => 0;

    /// <inheritdoc/>
    public bool IsNumeric => true;

    /// <inheritdoc/>
    public UnitType UnitType => UnitType.Dimensionless;

    /// <inheritdoc/>
    public string Legend => "Amount of work a second by the median";

    /// <summary>Says how much one call does.</summary>
    /// <param name="method">The benchmark's method.</param>
    /// <param name="amount">The amount.</param>
    /// <param name="unit">Its unit.</param>
    /// <param name="parameter">The benchmark's parameter, where it has one.</param>
    public static void Set(string method, double amount, string unit, object? parameter = null) => Amounts[Key(method, parameter)] = (amount, unit);

    /// <inheritdoc/>
    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        ArgumentNullException.ThrowIfNull(summary);
        ArgumentNullException.ThrowIfNull(benchmarkCase);
        object? parameter = benchmarkCase.Parameters.Items is [var first, ..] ? first.Value : null;
        string key = Key(benchmarkCase.Descriptor.WorkloadMethod.Name, parameter);
        return summary[benchmarkCase]?.ResultStatistics is { } statistics && Amounts.TryGetValue(key, out (double Amount, string Unit) rate)
            ? string.Create(CultureInfo.InvariantCulture, $"{rate.Amount / statistics.Median * 1e9:F1} {rate.Unit}/s")
            : "-";
    }

    /// <inheritdoc/>
    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    /// <inheritdoc/>
    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    /// <inheritdoc/>
    public bool IsAvailable(Summary summary) => true;

    private static string Key(string method, object? parameter) => string.Create(CultureInfo.InvariantCulture, $"{method} {parameter}");
}
