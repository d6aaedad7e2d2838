using MLClassify.Graphs;

namespace MLClassify.WeightFiles.Tests;

/// <summary>A weight file that lies in memory.</summary>
internal sealed class MemoryWeights(string file) : IWeightSource
{
    private readonly Dictionary<string, float[]> _values = [];
    private readonly List<WeightEntry> _entries = [];

    public string File => file;

    public IReadOnlyList<WeightEntry> Entries => _entries;

    /// <summary>All parameters of a network, with the golden formula's values.</summary>
    public static MemoryWeights Of(string file, Graph graph, Func<string, string?>? rename = null)
    {
        var weights = new MemoryWeights(file);
        foreach (Parameter parameter in graph.Parameters)
        {
            if ((rename is null ? parameter.Name : rename(parameter.Name)) is { } name)
            {
                weights.Add(name, [.. parameter.Dimensions.Select(d => (long)d)], FormulaValues.Of(parameter));
            }
        }

        return weights;
    }

    public MemoryWeights Add(string name, long[] dimensions, float[]? values = null)
    {
        _entries.Add(new WeightEntry(name, ElementType.F32, dimensions));
        _values.Add(name, values ?? new float[dimensions.Aggregate(1L, (a, b) => a * b)]);
        return this;
    }

    public void Read(string name, Span<float> values) => _values[name].CopyTo(values);
}
