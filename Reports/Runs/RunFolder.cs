using System.Globalization;
using System.Text.Json;
using MLClassify.Common;
using MLClassify.Datasets;
using MLClassify.Engines;
using MLClassify.Models;
using MLClassify.Trainers;

namespace MLClassify.Reports;

/// <summary>
/// The folder that a run writes its files to: <c>weights/best.safetensors</c>, <c>weights/last.safetensors</c>, <c>args.json</c>,
/// <c>class_indices.json</c>, <c>results.csv</c>, <c>curves.svg</c>, <c>regularization.csv</c> where a head was solved, <c>metrics.json</c>, <c>predictions.csv</c>, <c>skipped.csv</c>,
/// <c>confusion_matrix.svg</c>, <c>confusion_matrix.csv</c>, <c>test_metrics.json</c> and <c>cross_validation.json</c> where there are such
/// figures, and <c>report.html</c>. Each is written to a temporary name, flushed and renamed.
/// </summary>
public sealed class RunFolder : ITrialRun
{
    /// <summary>The name of the run's configuration, which every run has.</summary>
    public const string Arguments = "args.json";

    /// <summary>A head's epoch takes milliseconds; its files need not be flushed to the disk each time.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private long? _written;

    private RunFolder(string path, TimeProvider? time) => (FullPath, _time) = (path, time ?? TimeProvider.System);

    /// <summary>The folder.</summary>
    public string FullPath { get; }

    /// <summary>The best epoch's model.</summary>
    public string BestWeights => Path.Combine(FullPath, "weights", "best.safetensors");

    /// <summary>The model after the last step.</summary>
    public string LastWeights => Path.Combine(FullPath, "weights", "last.safetensors");

    /// <summary>The checkpoint of an interrupted run, with the optimizer's state; it is removed when the run ends.</summary>
    public string Checkpoint => Path.Combine(FullPath, "weights", "checkpoint.safetensors");

    string ITrainingRun.CheckpointPath => Checkpoint;

    /// <summary>Takes the folder of a run that was interrupted, to go on with it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="time">The clock for the pause between two histories; the system's when null.</param>
    /// <exception cref="IOException">There is no run in it.</exception>
    public static RunFolder Open(string path, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return File.Exists(Path.Combine(full, Arguments))
            ? new RunFolder(full, time)
            : throw new IOException($"{full} holds no run: there is no {Arguments}");
    }

    /// <summary>Takes a folder that is absent or empty, or holds an earlier run.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="existing">What becomes of an earlier run.</param>
    /// <param name="time">The clock for the pause between two histories; the system's when null.</param>
    /// <exception cref="RunExistsException">There is an earlier run, which is not to be replaced.</exception>
    /// <exception cref="IOException">The folder holds something that is not a run, or cannot be made.</exception>
    public static RunFolder Create(string path, ExistingRun existing = ExistingRun.Refuse, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        for (int number = 1; ; number++)
        {
            string candidate = number == 1 ? full : string.Create(CultureInfo.InvariantCulture, $"{full}-{number}");
            if (TryClaim(candidate))
            {
                return new RunFolder(candidate, time);
            }

            if (existing == ExistingRun.Refuse)
            {
                throw new RunExistsException(candidate);
            }

            if (existing == ExistingRun.Replace)
            {
                var run = new RunFolder(candidate, time);
                run.RemoveFiles();
                return run;
            }
        }
    }

    /// <summary>Writes what decides the run: its options, the training images, and what the caller adds.</summary>
    /// <param name="options">The options, resolved.</param>
    /// <param name="train">Training images.</param>
    /// <param name="validation">Images held out.</param>
    /// <param name="data">
    /// Where the images come from, such as the folder and the split; null for nothing. The values are texts, numbers (int, long, double),
    /// booleans, <see cref="JsonElement"/>s or null.
    /// </param>
    /// <exception cref="ArgumentException">A value of <paramref name="data"/> is of another type.</exception>
    public void WriteArguments(FineTuneOptions options, ImageDataset train, ImageDataset validation, IReadOnlyDictionary<string, object?>? data = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(validation);
        if (data?.FirstOrDefault(entry => entry.Value is not (null or string or int or long or double or bool or JsonElement)) is { Value: { } value } entry)
        {
            throw new ArgumentException($"'{entry.Key}' is of the type {value.GetType()}; expected a text, a number, a boolean or a JsonElement.", nameof(data));
        }

        var arguments = new RunArguments
        {
            Version = ProgramVersion.Text,
            Data = data,
            Classes = train.ClassNames,
            TrainImages = train.Count,
            ValidationImages = validation.Count,
            Options = options,
        };
        AtomicFile.WriteAllText(Path.Combine(FullPath, Arguments), JsonSerializer.Serialize(arguments, RunJson.Indented.RunArguments) + "\n");
        ClassIndex.Save(Path.Combine(FullPath, ClassIndex.FileName), train.ClassNames);
    }

    /// <summary>Writes the report, the history and both models.</summary>
    /// <param name="result">The result of the run; it may have no finished epoch.</param>
    /// <param name="ignored">Files that were left out before training; none when null.</param>
    /// <param name="facts">What the page says beside the result: the command line, the warnings, the speed; nothing when null.</param>
    public void Write(TrainingResult result, IEnumerable<SkippedFile>? ignored = null, RunFacts? facts = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        WriteHistory(result.Epochs, result.BestEpoch?.Epoch);
        if (result.Regularization.Count > 0)
        {
            RegularizationFile.Write(Path.Combine(FullPath, ReportFolder.Regularization), result.Regularization);
        }

        ClassIndex.Save(Path.Combine(FullPath, ClassIndex.FileName), result.Model.Labels);
        result.Model.Save(BestWeights);
        if (!result.IsCanceled || File.Exists(Checkpoint))
        {
            // Without a checkpoint an interrupted run starts anew; the last model says that a run is over.
            result.Model.Save(LastWeights, result.Last);
        }

        (string Path, string Reason)[] skipped = [.. (ignored ?? []).Concat(result.Skipped).Select(s => (s.Path, s.Reason))];
        if (result.Validation is not null)
        {
            ReportFolder.Write(FullPath, result.Validation, skipped);
        }
        else
        {
            SkippedFileList.Write(Path.Combine(FullPath, ReportFolder.Skipped), skipped);
        }

        WriteMetrics(ReportFolder.TestMetrics, result.Test);
        WriteMetrics(ReportFolder.CrossValidation, result.CrossValidation);
        HtmlReport.Write(Path.Combine(FullPath, ReportFolder.Page), RunReport.Create(Path.GetFileName(FullPath), result, facts, skipped));

        // Last: before that, a run that ends here can still go on.
        if (!result.IsCanceled)
        {
            File.Delete(Checkpoint);
        }
    }

    /// <summary>Removes the folder of a run that failed before it had any result; does nothing otherwise.</summary>
    public void Abandon()
    {
        string weights = Path.Combine(FullPath, "weights");
        if (File.Exists(Path.Combine(FullPath, ReportFolder.Results)) || Directory.EnumerateFileSystemEntries(weights).Any())
        {
            return;
        }

        File.Delete(Path.Combine(FullPath, Arguments));
        File.Delete(Path.Combine(FullPath, ClassIndex.FileName));
        Directory.Delete(weights);
        if (!Directory.EnumerateFileSystemEntries(FullPath).Any())
        {
            Directory.Delete(FullPath);
        }
    }

    // The history during a run, at most once a second.
    void ITrainingRun.EpochCompleted(IReadOnlyList<EpochResult> epochs, EpochResult? best)
    {
        if (_written is not { } last || _time.GetElapsedTime(last) >= Pause)
        {
            WriteHistory(epochs, best?.Epoch);
            _written = _time.GetTimestamp();
        }
    }

    void ITrainingRun.SaveBest(Action<string> save)
    {
        ArgumentNullException.ThrowIfNull(save);
        save(BestWeights);
    }

    void ITrialRun.Begin(FineTuneOptions options, ImageDataset train, ImageDataset validation) => WriteArguments(options, train, validation);

    void ITrialRun.Complete(TrainingResult result) => Write(result);

    private void WriteHistory(IReadOnlyList<EpochResult> epochs, int? best)
    {
        ResultsFile.Write(Path.Combine(FullPath, ReportFolder.Results), epochs);
        if (epochs.Count > 0)
        {
            TrainingCurvesPlot.Write(Path.Combine(FullPath, ReportFolder.Curves), epochs, best);
        }
    }

    private void WriteMetrics(string name, EvaluationResult? result)
    {
        if (result is not null)
        {
            MetricsFile.Write(Path.Combine(FullPath, name), result);
        }
    }

    // The configuration stays until it is written anew: it says that this is a run.
    private void RemoveFiles()
    {
        string[] files =
        [
            BestWeights, LastWeights, Checkpoint,
            .. ReportFolder.Files.Append(ClassIndex.FileName).Select(name => Path.Combine(FullPath, name)),
        ];
        foreach (string file in files)
        {
            File.Delete(file);
        }
    }

    // The configuration's file is made first and only once, so that of two runs that start together one gets the name.
    private static bool TryClaim(string folder)
    {
        string arguments = Path.Combine(folder, Arguments);
        if (File.Exists(arguments))
        {
            return false;
        }

        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw new IOException($"{folder} exists and is not a run; name a folder that is absent or empty");
        }

        Directory.CreateDirectory(Path.Combine(folder, "weights"));
        try
        {
            using var file = new FileStream(arguments, FileMode.CreateNew, FileAccess.Write);
            return true;
        }
        catch (IOException) when (File.Exists(arguments))
        {
            return false;
        }
    }
}
