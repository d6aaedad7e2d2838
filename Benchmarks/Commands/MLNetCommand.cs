using System.CommandLine;
using MLClassify.Benchmarks.Pipelines;
using MLClassify.Benchmarks.Short;
using MLClassify.Evaluation;

namespace MLClassify.Benchmarks.Commands;

/// <summary><c>mlnet FOLDER</c>: accuracy and processor time of ML.NET pipelines, Microsoft's featurizer among them, as a table.</summary>
internal static class MLNetCommand
{
    /// <summary>Makes the command.</summary>
    /// <param name="output">Where the table goes.</param>
    /// <param name="progress">Where it is said what is measured.</param>
    public static Command Create(TextWriter output, TextWriter progress)
    {
        string[] names = [.. PipelineRows.All.Select(row => row.Name)];
        var folder = new Argument<string>("FOLDER") { Description = "Images with a subfolder a class, such as flower_photos." };
        var rows = new Option<string[]>("--row") { Description = "Only this pipeline; may be given again. Default all.", HelpName = string.Join('|', names) };
        rows.AcceptOnlyFromAmong(names);
        var limit = new Option<int?>("--limit") { Description = "At most N images of each class, to try it out. Default all.", HelpName = "N" };
        var mobileNet = new Option<string?>("--mobilenet") { Description = "MobileNetV2's weights. Default: mobilenet_v2.features.safetensors of the measuring data.", HelpName = "FILE" };
        var file = new Option<string?>("--out") { Description = "Results, a line each; what is there is not measured again. Default artifacts/benchmarks/mlnet.jsonl.", HelpName = "FILE" };
        Option<int> epochs = Options.Integer("--epochs", "Epochs where a whole network is trained.", 5, 1, 1000);
        Option<int> threads = Options.Integer("--threads", "Threads that compute in this library; all cores when 0.", 0, 0, 1024);
        var command = new Command("mlnet", "Measures accuracy and processor time of ML.NET pipelines on every tenth file of each class.") { folder, rows, limit, mobileNet, file, epochs, threads };
        command.SetAction(parsed =>
        {
            string weights = parsed.GetValue(mobileNet) ?? RepositoryPlaces.Data("weights", "mobilenet_v2.features.safetensors");
            string target = parsed.GetValue(file) ?? RepositoryPlaces.Results("mlnet.jsonl");
            string[] chosen = parsed.GetValue(rows) is { Length: > 0 } given ? given : names;
            var bench = new PipelineBench(parsed.GetRequiredValue(folder), parsed.GetValue(limit), new PipelineSettings(weights, parsed.GetValue(epochs), parsed.GetValue(threads)));
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
            List<PipelineResult> results = [.. PipelineResult.Read(target).Where(result => result.IsOf(result.Row, bench.TrainImages, bench.TestImages))];
            foreach (PipelineRow row in PipelineRows.All.Where(row => chosen.Contains(row.Name)))
            {
                if (results.Any(result => result.Row == row.Name))
                {
                    progress.WriteLine($"{row.Name}: measured before");
                    continue;
                }

                progress.WriteLine($"{row.Name}: measuring");
                PipelineResult measured = bench.Measure(row);
                File.AppendAllText(target, measured.ToJson() + "\n");
                results.Add(measured);
            }

            Write(output, bench, [.. results.Where(result => chosen.Contains(result.Row))]);
        });
        return command;
    }

    private static void Write(TextWriter output, PipelineBench bench, PipelineResult[] results)
    {
        output.WriteLine(FormattableString.Invariant($"| pipeline, {bench.TrainImages} training images | accuracy of {bench.TestImages} | 95 % interval | training, CPU s | scoring, CPU s |"));
        output.WriteLine("|---|---:|---|---:|---:|");
        foreach (PipelineRow row in PipelineRows.All)
        {
            if (results.LastOrDefault(result => result.Row == row.Name) is { } result)
            {
                double accuracy = 100.0 * result.Correct / result.TestImages;
                output.WriteLine(FormattableString.Invariant(
                    $"| {row.Title} | {accuracy:0.0} % | {ConfidenceInterval.Of(result.Correct, result.TestImages)} | {result.TrainingCpuS:0.0} | {result.ScoringCpuS:0.0} |"));
            }
        }
    }
}
