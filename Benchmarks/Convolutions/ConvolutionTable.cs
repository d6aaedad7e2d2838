using System.Globalization;

namespace MLClassify.Benchmarks.Convolutions;

/// <summary>Prints what convolutions took: a line each, then what each network would spend on them.</summary>
/// <param name="output">The destination.</param>
/// <param name="networks">The networks that the shapes' counts are of.</param>
/// <param name="batch">Images.</param>
/// <param name="peakGflops">The multiply-add peak.</param>
internal sealed class ConvolutionTable(TextWriter output, IReadOnlyList<string> networks, int batch, double peakGflops)
{
    private readonly Dictionary<(int Network, ConvolutionPass Pass), (double Seconds, double Flops)> _totals = [];

    /// <summary>Prints the columns' names.</summary>
    public void WriteHeader() => Write("layer", "sizes", "pass", "ms", "GFLOP/s", "% peak");

    /// <summary>Prints one pass of a convolution and counts it towards the totals.</summary>
    /// <param name="shape">The convolution.</param>
    /// <param name="pass">The pass.</param>
    /// <param name="seconds">What it took.</param>
    public void Write(ConvolutionShape shape, ConvolutionPass pass, double seconds)
    {
        Write(shape.Label, shape.Sizes, pass, seconds, shape.Flops(batch));
        for (int network = 0; network < networks.Count; network++)
        {
            (double sum, double flops) = _totals.GetValueOrDefault((network, pass));
            int count = shape.Counts[network];
            _totals[(network, pass)] = (sum + (count * seconds), flops + ((double)count * shape.Flops(batch)));
        }
    }

    /// <summary>Prints the totals: each convolution as often as the network has it.</summary>
    public void WriteTotals()
    {
        for (int network = 0; network < networks.Count; network++)
        {
            var passes = _totals.Where(total => total.Key.Network == network && total.Value.Seconds > 0).OrderBy(total => total.Key.Pass).ToList();
            foreach ((var key, (double seconds, double flops)) in passes)
            {
                Write("total " + networks[network], "of the lines above", key.Pass, seconds, flops);
            }

            if (passes.Count > 1)
            {
                Write("total " + networks[network], "of the lines above", null, passes.Sum(p => p.Value.Seconds), passes.Sum(p => p.Value.Flops));
            }
        }
    }

    private static string Name(ConvolutionPass? pass) => pass switch
    {
        ConvolutionPass.Forward => "forward",
        ConvolutionPass.InputGradient => "input grad",
        ConvolutionPass.WeightGradient => "weight grad",
        _ => "all",
    };

    private void Write(string label, string sizes, ConvolutionPass? pass, double seconds, double flops)
    {
        double gflops = flops / seconds / 1e9;
        Write(label, sizes, Name(pass), Number(seconds * 1e3, "F3"), Number(gflops, "F1"), Number(100 * gflops / peakGflops, "F1"));
    }

    private void Write(string label, string sizes, string pass, string time, string rate, string share)
    {
        output.WriteLine($"{label,-54} {sizes,-30} {pass,-12} {time,9} {rate,9} {share,7}");
        output.Flush();
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
