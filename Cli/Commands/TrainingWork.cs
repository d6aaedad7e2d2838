using MLClassify.Cli.Naming;
using MLClassify.Cli.Options;
using MLClassify.Cli.Output;
using MLClassify.Datasets;
using MLClassify.Reports;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Cli.Commands;

/// <summary>A training run with all that a user sees of it: warnings, progress, the run's folder, the result.</summary>
/// <param name="context">Where to write.</param>
/// <param name="isJson">Whether results are written as JSON.</param>
internal sealed class TrainingWork(CliContext context, bool isJson)
{
    public required TrainingData Data { get; init; }

    /// <summary>The initial weights; null for random initialization.</summary>
    public InitialWeights? Start { get; init; }

    /// <summary>Whether to go on where the run was interrupted.</summary>
    public bool Resumes { get; init; }

    /// <summary>Whether it is one of several trials, which are cross-validated and tested where they are compared.</summary>
    public bool IsTrial { get; init; }

    /// <summary>Whether the epochs are written for TensorBoard, too.</summary>
    public bool TensorBoard { get; init; }

    /// <summary>Trains and writes the run's folder; the caller disposes the result.</summary>
    public async Task<TrainingResult> RunAsync(FineTuneOptions options, RunFolder run, CancellationToken cancellationToken)
    {
        var trainer = new FineTuneTrainer(options) { Run = run, InitialWeights = Start, Resume = Resumes, BatchSizeFound = TellBatchSize };
        string[] data = [.. Data.Folder.Warnings, .. Data.Warnings.Select(w => $"{w.Id}: {w.Message}")];

        // Few images are nobody's mistake: the report says so, the terminal does not.
        foreach (string warning in Data.Folder.Warnings.Concat(Data.Warnings.Where(w => w.Id != DatasetWarningIds.FewImages).Select(w => w.Message)).Concat(trainer.Warnings.Select(OptionNames.Translate)))
        {
            context.Warn(warning);
        }

        Announce(trainer.Options, run);
        var speed = new SpeedMeter();
        TrainingResult? result = null;
        CrossValidationResult? folds = null;
        EvaluationResult? test = null;
        IReadOnlyList<string> shown = [];
        try
        {
            run.WriteArguments(trainer.Options, Data.Train, Data.Validation, Data.Record);
            shown = [.. trainer.Warnings, .. AuditInput(trainer)];
            folds = await CrossValidateAsync(trainer.Options, cancellationToken).ConfigureAwait(false);
            TrainingView view = TrainingView.Create(context, isJson);
            using TensorBoardView? board = TensorBoard ? new TensorBoardView(run.FullPath, view) : null;
            IProgress<TrainingProgress> progress = speed.Through((IProgress<TrainingProgress>?)board ?? view);
            result = await view.RunAsync(() => trainer.FitAsync(Data.Train, Data.Validation, progress, cancellationToken)).ConfigureAwait(false);
            result.CrossValidation = folds?.Pooled;
            result.Test = test = Data.Test is null || IsTrial || result.BestEpoch is null
                ? null
                : await result.EvaluateAsync(Data.Test, cancellationToken: cancellationToken).ConfigureAwait(false);
            run.Write(result, Data.Folder.Ignored, Facts(speed, data));
        }
        catch (TrainingDivergedException e)
        {
            using TrainingResult? best = e.Result;
            if (best is not null)
            {
                run.Write(best, Data.Folder.Ignored, Facts(speed, data));
            }

            run.Abandon();
            throw;
        }
        catch (OperationCanceledException e)
        {
            run.Abandon();
            throw new EarlyEndException(Data.Folds > 0 && folds is null && !IsTrial
                ? "canceled during the cross-validation: there is no model, and nothing was written"
                : File.Exists(run.Checkpoint)
                ? $"canceled before the first epoch was over: there is no model yet; 'mlclassify train --resume {run.FullPath}' goes on"
                : "canceled before the first epoch was over: there is no model, and nothing was written", e);
        }
        catch
        {
            result?.Dispose();
            run.Abandon();
            throw;
        }

        Summarize(result, run, shown, test, folds?.Pooled);
        return result;
    }

    // What the network will not see, in one line; what is wrong with it, as warnings.
    private IReadOnlyList<string> AuditInput(FineTuneTrainer trainer)
    {
        InputAudit? input = IsTrial ? null : trainer.AuditInput(Data.Train);
        if (input is null)
        {
            return [];
        }

        context.ProgressWriter(isJson).WriteLine(DisplayLine.Clean(input.ToString()));
        foreach (string warning in input.Warnings)
        {
            context.Warn(OptionNames.Translate(warning));
        }

        return input.Warnings;
    }

    private async Task<CrossValidationResult?> CrossValidateAsync(FineTuneOptions options, CancellationToken cancellationToken)
    {
        if (Data.Folds == 0 || IsTrial)
        {
            return null;
        }

        var validation = new CrossValidation(options) { Folds = Data.Folds, InitialWeights = Start };
        TextWriter writer = context.ProgressWriter(isJson);
        writer.WriteLine(FormattableString.Invariant($"cross-validation: {Data.Folds} folds of {Data.Folded.Count} images"));
        int fold = 0;
        var done = new FoldView(result => writer.WriteLine(FormattableString.Invariant(
            $"fold {++fold}/{Data.Folds}: {ProgressLine.Share(result.Accuracy)} of {result.Images} images, balanced {ProgressLine.Share(result.BalancedAccuracy)}")));

        // Lines of JSON are the model's own training's alone.
        TrainingView? view = isJson ? null : TrainingView.Create(context, isJson);
        Task<CrossValidationResult> Run() => validation.RunAsync(Data.Folded, done, view, cancellationToken);
        return await (view?.RunAsync(Run) ?? Run()).ConfigureAwait(false);
    }

    private sealed class FoldView(Action<EvaluationResult> show) : IProgress<EvaluationResult>
    {
        public void Report(EvaluationResult value) => show(value);
    }

    private RunFacts Facts(SpeedMeter speed, IReadOnlyList<string> warnings) => new()
    {
        CommandLine = ShellText.Join(["mlclassify", .. context.Arguments]),
        Start = Start is null ? null : ModelOrigin.Of(Start),
        DataFolder = Data.Folder.Root,
        HeldOut = HeldOut(),
        TrainImagesPerClass = Data.Train.CountPerClass(),
        Warnings = warnings,
        Speeds = speed.Speeds,
    };

    private string HeldOut() => (Data.Record.GetValueOrDefault("val"), Data.Record.GetValueOrDefault("split_every"), Data.Record.GetValueOrDefault("split")) switch
    {
        (string folder, _, _) => $"the folder {Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))}",
        (_, int every, _) => FormattableString.Invariant($"one in {every} of each class, by name"),
        (_, _, double share) => $"{ProgressLine.Share(share)} of each class, at random",
        _ => Data.Folder.HasPredefinedSplit ? "the folder's own part" : "a tenth of each class, at random",
    };

    private void Announce(FineTuneOptions options, RunFolder run)
    {
        TextWriter writer = context.ProgressWriter(isJson);
        if (!IsTrial)
        {
            Data.Tell(writer);
        }

        string what = options.TrainableLayers == TrainableLayers.Head ? "its head" : "all of it";
        string? network = options.InitialModel is null ? options.Backbone : Path.GetFileName(options.InitialModel);
        string start = Resumes ? "resumed" : options.InitialModel is not null ? "from a model" : Start is null ? "from scratch" : $"from {Start.Description}";
        string counts = FormattableString.Invariant($"{Data.Train.ClassNames.Count} classes, {Data.Train.Count} training images, {Data.Validation.Count} held out");
        string chosen = options.Monitor is { } metric and not MonitoredMetric.Accuracy ? $"; the best epoch by {Monitored(metric)}" : "";
        writer.WriteLine(DisplayLine.Clean($"{network}, {what}, {start}: {counts}{chosen}"));
        if (!Resumes && Start is { Origin: { } origin })
        {
            writer.WriteLine(DisplayLine.Clean($"{Start.Description}: {origin}"));
        }

        if (isJson)
        {
            JsonLine.Write(context.Output, new
            {
                Event = "start",
                Run = run.FullPath,
                Backbone = network,
                Classes = Data.Train.ClassNames,
                TrainImages = Data.Train.Count,
                ValidationImages = Data.Validation.Count,
                options.Epochs,
            });
        }
    }

    private void TellBatchSize(int size) => context.ProgressWriter(isJson).WriteLine(
        FormattableString.Invariant($"batch size {size}: {(Resumes ? "that of the interrupted run" : "the largest power of two up to 256 that fits into the memory")}"));

    private const int MostProblems = 2;
    private const double MuchMore = 1.4;

    private static string Monitored(MonitoredMetric metric) => metric switch
    {
        MonitoredMetric.Balanced => "balanced accuracy",
        MonitoredMetric.F1 => "macro F1",
        MonitoredMetric.Loss => "loss",
        _ => "accuracy",
    };

    // What always answering the same would be right for, where that is much more than with classes of one size.
    private static string LargestClass(EvaluationResult? report)
    {
        if (report?.Classes.MaxBy(metrics => metrics.Images) is not { } largest || report.Images == 0)
        {
            return "";
        }

        double share = (double)largest.Images / report.Images;
        return share * report.Classes.Count >= MuchMore ? $", always \"{largest.Name}\" {ProgressLine.Share(share)}" : "";
    }

    private static bool IsSolved(TrainingResult result) => result.Options.Optimizer.Kind == OptimizerKind.Lbfgs;

    // The warnings before training were shown then.
    private void Summarize(TrainingResult result, RunFolder run, IReadOnlyList<string> shown, EvaluationResult? test, EvaluationResult? folds)
    {
        foreach (string warning in result.Warnings.Except(shown, StringComparer.Ordinal))
        {
            context.Warn(OptionNames.Translate(warning));
        }

        Verdict[] problems = [.. result.Diagnosis.Where(verdict => verdict.Tone == VerdictTone.Problem)];
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
                Event = result.IsCanceled ? "cancelled" : "done",
                Run = run.FullPath,
                Model = run.BestWeights,
                BestEpoch = result.BestEpoch?.Epoch,
                Epochs = result.Epochs.Count,
                result.Validation?.Accuracy,
                AccuracyLow = result.Validation?.AccuracyInterval.Low,
                AccuracyHigh = result.Validation?.AccuracyInterval.High,
                result.Validation?.BalancedAccuracy,
                Images = result.Validation?.Images,
                TestAccuracy = test?.Accuracy,
                TestImages = test?.Images,
                CrossValidatedAccuracy = folds?.Accuracy,
                CrossValidatedImages = folds?.Images,
                Problems = problems.Select(problem => problem.Id),
                Skipped = result.Skipped.Count,
                Seconds = Math.Round(result.Elapsed.TotalSeconds, 3),
            });
            return;
        }

        string best = result.BestEpoch is { } epoch && result.Validation is { } report
            ? FormattableString.Invariant($"{(IsSolved(result) ? "head solved" : $"best epoch {epoch.Epoch}")}: {ProgressLine.Share(report.Accuracy)} of {report.Images} held-out images{(IsSolved(result) ? "" : ", by which it was chosen")} (95 % interval {report.AccuracyInterval}), balanced {ProgressLine.Share(report.BalancedAccuracy)}")
            : IsSolved(result) ? "the head was not solved" : "no epoch was finished";
        context.Output.WriteLine(DisplayLine.Clean($"{(result.IsCanceled ? "canceled; " : "")}{best}{LargestClass(result.Validation)}; {ProgressLine.Duration(result.Elapsed)}"));
        if (!IsTrial && result.Diagnosis.FirstOrDefault(verdict => verdict.Id == "never_predicted" && verdict.Tone != VerdictTone.Problem) is { } never)
        {
            context.Output.WriteLine(DisplayLine.Clean(never.Sentence));
        }

        // A trial's page has them; the search says what the best is worth.
        if (problems.Length > 0 && !IsTrial)
        {
            foreach (Verdict problem in problems.Take(MostProblems))
            {
                context.Output.WriteLine(DisplayLine.Clean($"problem: {problem.Sentence} {problem.Advice}"));
            }

            if (problems.Length > MostProblems)
            {
                context.Output.WriteLine(FormattableString.Invariant($"{problems.Length - MostProblems} more in the report"));
            }
        }

        if (folds is not null)
        {
            context.Output.WriteLine(FormattableString.Invariant(
                $"cross-validation: {ProgressLine.Share(folds.Accuracy)} of {folds.Images} images (95 % interval {folds.AccuracyInterval}), balanced {ProgressLine.Share(folds.BalancedAccuracy)}"));
        }

        if (test is not null)
        {
            context.Output.WriteLine(FormattableString.Invariant(
                $"test: {ProgressLine.Share(test.Accuracy)} of {test.Images} images that were set aside (95 % interval {test.AccuracyInterval}), balanced {ProgressLine.Share(test.BalancedAccuracy)}"));
        }

        context.Output.WriteLine(DisplayLine.Clean($"report: {Path.Combine(run.FullPath, ReportFolder.Page)}"));
        context.Output.WriteLine(DisplayLine.Clean($"model: {run.BestWeights}"));
        if (result.IsCanceled && File.Exists(run.Checkpoint))
        {
            context.Output.WriteLine(DisplayLine.Clean($"go on: mlclassify train --resume {run.FullPath}"));
        }
    }
}
