using System.Globalization;
using System.Text;
using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.Networks;

/// <summary>A layer of a network, in numbers.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="Operator">What it computes.</param>
/// <param name="OutputShape">One sample's output, <c>[H, W, C]</c>.</param>
/// <param name="Parameters">Trainable values.</param>
/// <param name="MultiplyAdds">Multiplications of a convolution or linear layer for one sample; 0 for every other operator.</param>
public sealed record NetworkSummaryRow(string Layer, string Operator, Shape OutputShape, long Parameters, long MultiplyAdds);

/// <summary>A network's layers and their totals.</summary>
public sealed class NetworkSummary
{
    private NetworkSummary(Graph graph)
    {
        Name = graph.Name;
        Rows = [.. graph.Nodes.Select(Row)];
        Parameters = Rows.Sum(r => r.Parameters);
        StateValues = graph.Parameters.Where(p => !p.IsTrainable).Sum(p => p.Count);
        MultiplyAdds = Rows.Sum(r => r.MultiplyAdds);
    }

    /// <summary>The network's name.</summary>
    public string Name { get; }

    /// <summary>All layers, in the order in which they are computed; the first is the input.</summary>
    public IReadOnlyList<NetworkSummaryRow> Rows { get; }

    /// <summary>All trainable values.</summary>
    public long Parameters { get; }

    /// <summary>Values that are state, not trained: running statistics.</summary>
    public long StateValues { get; }

    /// <summary>All multiplications of convolutions and linear layers for one sample, as the field counts them.</summary>
    public long MultiplyAdds { get; }

    /// <summary>Sums up a network.</summary>
    /// <param name="network">What it is built from: a classifier's, or that of a network by name.</param>
    /// <exception cref="ArgumentException">The name is unknown, an option is out of its range, or the input is too small for the network.</exception>
    public static NetworkSummary Of(NetworkSpec network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new NetworkSummary(network.Build());
    }

    /// <summary>Sums up a graph.</summary>
    /// <param name="graph">The graph.</param>
    internal static NetworkSummary Of(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return new NetworkSummary(graph);
    }

    /// <summary>A table for people: a line a layer, then the totals.</summary>
    public override string ToString()
    {
        string[] header = ["layer", "operator", "output", "parameters", "multiply-adds"];
        string[][] lines = [header, .. Rows.Select(Cells)];
        int[] widths = [.. Enumerable.Range(0, header.Length).Select(column => lines.Max(line => line[column].Length))];
        var text = new StringBuilder();
        foreach (string[] line in lines)
        {
            IEnumerable<string> cells = line.Select(
                (cell, column) => column < 3 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            text.AppendJoin("  ", cells).Append('\n');
        }

        text.Append(
            CultureInfo.InvariantCulture, $"{Name}: {Number(Parameters)} parameters, {Number(MultiplyAdds)} multiply-adds for one input");
        return text.ToString();
    }

    private static string[] Cells(NetworkSummaryRow row) =>
        [row.Layer, row.Operator, row.OutputShape.ToString(), Number(row.Parameters), Number(row.MultiplyAdds)];

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static NetworkSummaryRow Row(Node node) =>
        new(node.Name, node.Operator.Name, node.Shape, node.Parameters.Where(p => p.IsTrainable).Sum(p => p.Count), MultiplyAddsOf(node));

    // Every value of the weight is used once at every position of the output.
    private static long MultiplyAddsOf(Node node) => node.Operator is ConvolutionOperator or LinearOperator
        ? checked(node.Shape.Pixels * node.Parameters[0].Count)
        : 0;
}
