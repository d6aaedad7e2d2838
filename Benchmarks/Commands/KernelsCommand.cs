using System.CommandLine;
using MLClassify.Benchmarks.Convolutions;
using MLClassify.Benchmarks.Measuring;
using MLClassify.Engines.Cpu.Kernels;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Benchmarks.Commands;

/// <summary><c>kernels</c>: GFLOP/s of each distinct convolution of real networks, forward and both gradients.</summary>
internal static class KernelsCommand
{
    /// <summary>Makes the command.</summary>
    /// <param name="output">Where the table goes.</param>
    public static Command Create(TextWriter output)
    {
        var shapes = new Option<string?>("--shapes") { Description = "A list of convolutions. Default: those of four networks.", HelpName = "FILE" };
        var filter = new Option<string?>("--filter") { Description = "Only convolutions whose name or sizes contain this.", HelpName = "TEXT" };
        Option<int> batch = Options.Batch();
        Option<int> threads = Options.Threads();
        Option<int> milliseconds = Options.Integer("--milliseconds", "How long each pass is measured; the median counts.", 300, 0, 60_000);
        Option<string?> level = Options.Level();
        var command = new Command("kernels", "Measures each distinct convolution of real networks: forward and both gradients.");
        foreach (Option option in (Option[])[shapes, filter, batch, threads, milliseconds, level])
        {
            command.Add(option);
        }

        command.SetAction(parsed =>
        {
            ShapeFile file = ShapeFile.Read(parsed.GetValue(shapes));
            string text = parsed.GetValue(filter) ?? "";
            ConvolutionShape[] chosen = [.. file.Shapes.Where(shape => $"{shape.Label} {shape.Sizes}".Contains(text, StringComparison.OrdinalIgnoreCase))];
            if (chosen.Length == 0)
            {
                throw new UsageException($"--filter: no convolution contains '{text}'");
            }

            SimdLevel simd = Options.ResolveLevel(parsed.GetValue(level));
            int images = parsed.GetValue(batch);
            using var team = new ThreadTeam(parsed.GetValue(threads));
            using var workspace = new Workspace();
            double peak = PeakMeter.Measure(team.Size, simd);
            output.WriteLine(FormattableString.Invariant($"batch {images}, {team.Size} thread(s), {SimdLevels.NameOf(simd)}, multiply-add peak {peak:F1} GFLOP/s"));
            var table = new ConvolutionTable(output, file.Networks, images, peak);
            table.WriteHeader();
            foreach (ConvolutionShape shape in chosen)
            {
                var bench = new ConvolutionBench(team, workspace, shape, images, parsed.GetValue(milliseconds) / 1000.0);
                foreach ((ConvolutionPass pass, double seconds) in SimdLevels.Run(simd, bench))
                {
                    table.Write(shape, pass, seconds);
                }
            }

            table.WriteTotals();
        });
        return command;
    }
}
