using MLClassify.Cli.Output;
using MLClassify.Datasets;
using MLClassify.Evaluation;
using MLClassify.Networks.Pretrained;
using MLClassify.Trainers;

namespace MLClassify.Cli.Commands;

/// <summary>A training run with all that a user sees of it: warnings, progress, the run's folder, the result.</summary>
/// <param name="context">Where to write.</param>
/// <param name="isJson">Whether results are for machines.</param>
internal sealed class TrainingWork(CliContext context, bool isJson)
{
    public required ImageFolder Folder { get; init; }

    public required ImageDataset Train { get; init; }

    public required ImageDataset Validation { get; init; }

    /// <summary>What the run's record says about the data.</summary>
    public required IReadOnlyDictionary<string, object?> Data { get; init; }

    /// <summary>Finds the weights that the options name; needed where they name any.</summary>
    public WeightResolver? Resolver { get; init; }

    /// <summary>What training starts from; null for chance.</summary>
    public StartingWeights? Start { get; init; }

    /// <summary>Whether to go on where the run was interrupted.</summary>
    public bool Resumes { get; init; }

    /// <summary>Whether the epochs are written for TensorBoard, too.</summary>
    public bool TensorBoard { get; init; }

    /// <summary>Trains and writes the run's folder; the caller disposes the result.</summary>
    public async Task<TrainingResult> RunAsync(FineTuneOptions options, RunFolder run, CancellationToken cancellationToken)
    {
        var trainer = new FineTuneTrainer(options) { Run = run, Resolver = Resolver, Resume = Resumes };
        IReadOnlyList<DatasetWarning> audit = Audit();
        string[] data = [.. Folder.Warnings, .. audit.Select(w => $"{w.Id}: {w.Message}")];

        // Few pictures are nobody's mistake: the report says so, the terminal does not.
        foreach (string warning in Folder.Warnings.Concat(audit.Where(w => w.Id != DatasetWarningIds.FewPictures).Select(w => w.Message)).Concat(trainer.Warnings))
        {
            context.Warn(warning);
        }

        Announce(trainer.Options, run);
        var speed = new SpeedMeter();
        TrainingResult? result = null;
        try
        {
            run.WriteArguments(trainer.Options, Train, Validation, Data);
            TrainingView view = TrainingView.Create(context, isJson);
            using TensorBoardView? board = TensorBoard ? new TensorBoardView(run.FullPath, view) : null;
            IProgress<TrainingProgress> progress = speed.Through((IProgress<TrainingProgress>?)board ?? view);
            result = await view.RunAsync(() => trainer.FitAsync(Train, Validation, progress, cancellationToken)).ConfigureAwait(false);
            run.Write(result, Folder.Ignored, Facts(speed, data));
        }
        catch (TrainingDivergedException e)
        {
            using TrainingResult? best = e.Result;
            if (best is not null)
            {
                run.Write(best, Folder.Ignored, Facts(speed, data));
            }

            run.Abandon();
            throw;
        }
        catch
        {
            result?.Dispose();
            run.Abandon();
            throw;
        }

        Summarise(result, run);
        return result;
    }

    // Not cancellable: a run that is cancelled before its first step still has a result.
    private IReadOnlyList<DatasetWarning> Audit() => DatasetAudit.Run(Train, Validation);

    private RunFacts Facts(SpeedMeter speed, IReadOnlyList<string> warnings) => new()
    {
        CommandLine = ShellText.Join(["mlclassify", .. context.Arguments]),
        Start = Start?.Description,
        DataFolder = Folder.Root,
        HeldOut = HeldOut(),
        TrainImagesPerClass = Train.CountPerClass(),
        Warnings = warnings,
        Speeds = speed.Speeds,
    };

    private string HeldOut() => (Data.GetValueOrDefault("val"), Data.GetValueOrDefault("split_every"), Data.GetValueOrDefault("split")) switch
    {
        (string folder, _, _) => $"the folder {Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))}",
        (_, int every, _) => FormattableString.Invariant($"one in {every} of each class, by name"),
        (_, _, double share) => $"{ProgressLine.Share(share)} of each class, at random",
        _ => Folder.HasPredefinedSplit ? "the folder's own part" : "a tenth of each class, at random",
    };

    private void Announce(FineTuneOptions options, RunFolder run)
    {
        TextWriter writer = context.ProgressWriter(isJson);
        string what = options.Unfreeze == Unfreeze.Head ? "its head" : "all of it";
        string network = options.From is null ? options.Backbone : Path.GetFileName(options.From);
        string start = Resumes ? "resumed" : options.From is not null ? "from a model" : Start is null ? "from scratch" : $"from {Start.Description}";
        string counts = FormattableString.Invariant($"{Train.ClassNames.Count} classes, {Train.Count} pictures to learn, {Validation.Count} held out");
        writer.WriteLine(DisplayLine.Clean($"{network}, {what}, {start}: {counts}"));
        if (isJson)
        {
            JsonLine.Write(context.Output, new
            {
                Event = "start",
                Run = run.FullPath,
                Backbone = network,
                Classes = Train.ClassNames,
                TrainImages = Train.Count,
                ValidationImages = Validation.Count,
                options.Epochs,
            });
        }
    }

    private void Summarise(TrainingResult result, RunFolder run)
    {
        if (result.Skipped.Count > 0)
        {
            SkippedFile first = result.Skipped[0];
            string list = Path.Combine(run.FullPath, ReportFolder.Skipped);
            context.Warn(FormattableString.Invariant($"{result.Skipped.Count} files could not be read; {list} says why. First: {first.Path}: {first.Reason}"));
        }

        if (isJson)
        {
            JsonLine.Write(context.Output, new
            {
                Event = result.IsCancelled ? "cancelled" : "done",
                Run = run.FullPath,
                Model = run.BestWeights,
                BestEpoch = result.BestEpoch?.Epoch,
                Epochs = result.Epochs.Count,
                result.Report?.Accuracy,
                Skipped = result.Skipped.Count,
                Seconds = Math.Round(result.Elapsed.TotalSeconds, 3),
            });
            return;
        }

        string best = result.BestEpoch is { } epoch && result.Report is { } report
            ? FormattableString.Invariant($"best epoch {epoch.Epoch}: {ProgressLine.Share(report.Accuracy)} of {report.Images} held-out pictures")
            : "no epoch was finished";
        context.Output.WriteLine($"{(result.IsCancelled ? "cancelled; " : "")}{best}; {ProgressLine.Duration(result.Elapsed)}");
        context.Output.WriteLine(DisplayLine.Clean($"report: {Path.Combine(run.FullPath, ReportFolder.Page)}"));
        context.Output.WriteLine(DisplayLine.Clean($"model: {run.BestWeights}"));
        if (result.IsCancelled && File.Exists(run.Checkpoint))
        {
            context.Output.WriteLine(DisplayLine.Clean($"go on: mlclassify train --resume {run.FullPath}"));
        }
    }
}
