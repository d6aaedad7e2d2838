using MLClassify.Common;
using MLClassify.WeightFiles.Onnx;

namespace MLClassify;

/// <summary>
/// Puts a new model in the place of an old one, unless it is worse on the same images or knows fewer classes. Whoever reads the file meanwhile finds the old
/// model or the new one, whole; the old one is kept as <c>NAME.previous.safetensors</c>.
/// </summary>
public static class ModelReplacement
{
    /// <summary>Measures both models, and replaces the file unless the new one recognizes fewer images, or lacks a class of the old one.</summary>
    /// <param name="path">The model's file; it need not exist.</param>
    /// <param name="candidate">The new model.</param>
    /// <param name="validation">The images that both are measured with, which neither should have learned from.</param>
    /// <param name="force">Whether a worse model, too, one with fewer classes, and one in place of a file that cannot be measured, is put
    /// there. Default false.</param>
    /// <param name="cancellationToken">Cancels the work before anything is changed.</param>
    /// <remarks>
    /// Images that either model was trained on are left out for both, unless none would be left; see <see cref="ReplacementResult.Seen"/>.
    /// Images of a class that the old model does not know count as not recognized by it. Of two processes that replace the same file one
    /// waits for the other.
    /// </remarks>
    /// <exception cref="InvalidDatasetException">There are no images, or the new model does not know one of their classes.</exception>
    /// <exception cref="InvalidWeightsException">The file in place is no model.</exception>
    /// <exception cref="UnsupportedOnnxException">The file in place is an ONNX model that cannot be read.</exception>
    /// <exception cref="IOException">A file cannot be read or written; the one in place is untouched.</exception>
    /// <exception cref="OperationCanceledException">The work was canceled.</exception>
    public static Task<ReplacementResult> ReplaceAsync(
        string path, ImageClassifier candidate, ImageDataset validation, bool force = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        return ReplaceAsync(path, candidate, candidate.Save, file => ImageClassifier.Load(file, candidate.Compute), validation, force, cancellationToken);
    }

    /// <summary>The same of files of another format.</summary>
    /// <param name="path">The model's file; it need not exist.</param>
    /// <param name="candidate">The new model.</param>
    /// <param name="save">Writes it to a file.</param>
    /// <param name="load">Reads such a file; throws an <see cref="InvalidWeightsException"/> where it is none.</param>
    /// <param name="validation">The images that both are measured with.</param>
    /// <param name="force">Whether the file is replaced in any case.</param>
    /// <param name="cancellationToken">Cancels the work before anything is changed.</param>
    internal static async Task<ReplacementResult> ReplaceAsync(
        string path,
        ImageClassifier candidate,
        Action<string> save,
        Func<string, ImageClassifier> load,
        ImageDataset validation,
        bool force,
        CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(validation);
        cancellationToken.ThrowIfCancellationRequested();
        string full = Path.GetFullPath(path);
        string lockPath = Path.Combine(Path.GetDirectoryName(full) ?? "", $".{Path.GetFileName(full)}.lock");
        using FileLock held = await FileLock.AcquireAsync(lockPath, cancellationToken: cancellationToken).ConfigureAwait(false);

        // Measuring takes the processor for a while: not on the caller's thread.
        return await Task.Run(() => Replace(full, candidate, save, load, validation, force, cancellationToken), CancellationToken.None).ConfigureAwait(false);
    }

    private static ReplacementResult Replace(
        string path, ImageClassifier candidate, Action<string> save, Func<string, ImageClassifier> load, ImageDataset validation, bool force, CancellationToken cancellationToken)
    {
        bool isFirst = !File.Exists(path);
        using ImageClassifier? old = isFirst ? null : Open(path, load, force);
        ImageDataset unseen = isFirst ? validation : Unseen(old, candidate, validation, cancellationToken);
        int seen = validation.Count - unseen.Count;
        bool isLeftOut = seen > 0 && unseen.Count > 0;
        validation = isLeftOut ? unseen : validation;
        EvaluationResult report = candidate.Evaluate(validation, cancellationToken: cancellationToken);
        var accuracy = new ModelAccuracy(report.Correct, report.Images);
        if (isFirst)
        {
            save(path);
            return new ReplacementResult(ReplacementOutcome.First, accuracy, null, path, null);
        }

        (ModelAccuracy? existing, IReadOnlyList<string> lost) = MeasureExisting(old, candidate, validation, report.Images, force, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        bool isWorse = existing is { } before && accuracy.Correct < before.Correct;
        if ((isWorse || lost.Count > 0) && !force)
        {
            return new ReplacementResult(ReplacementOutcome.Kept, accuracy, existing, path, null) { LostClasses = lost, Seen = seen, IsSeenLeftOut = isLeftOut };
        }

        string previous = RetrainingProject.PreviousOf(path);
        Exchange(path, previous, save);
        return new ReplacementResult(ReplacementOutcome.Replaced, accuracy, existing, path, previous) { LostClasses = lost, Seen = seen, IsSeenLeftOut = isLeftOut };
    }

    // The new file is complete before the old one is touched, which is copied, not moved: there is a model at every moment, and what was
    // kept before stays until then.
    private static void Exchange(string path, string previous, Action<string> save)
    {
        string complete = path + ".new";
        try
        {
            save(complete);
            AtomicFile.Write(previous, target =>
            {
                using FileStream source = File.OpenRead(path);
                source.CopyTo(target);
            });
            File.Move(complete, path, overwrite: true);
        }
        finally
        {
            File.Delete(complete);
        }
    }

    // Null where it cannot be read, and that is no obstacle.
    private static ImageClassifier? Open(string path, Func<string, ImageClassifier> load, bool force)
    {
        try
        {
            return load(path);
        }
        catch (Exception e) when (force && e is (InvalidWeightsException or UnsupportedOnnxException))
        {
            return null;
        }
    }

    // When a folder grows, a random split is drawn anew: what is held out now, the model in place may have learned.
    private static ImageDataset Unseen(ImageClassifier? old, ImageClassifier candidate, ImageDataset validation, CancellationToken cancellationToken)
    {
        ImageDataset unseen = candidate.TrainingImages?.Unseen(validation, cancellationToken) ?? validation;
        return old?.TrainingImages?.Unseen(unseen, cancellationToken) ?? unseen;
    }

    private static (ModelAccuracy? Accuracy, IReadOnlyList<string> Lost) MeasureExisting(
        ImageClassifier? old, ImageClassifier candidate, ImageDataset validation, long images, bool force, CancellationToken cancellationToken)
    {
        if (old is null)
        {
            return (null, []);
        }

        string[] lost = [.. old.Labels.Except(candidate.Labels, StringComparer.Ordinal)];
        var known = old.Labels.ToHashSet(StringComparer.Ordinal);
        ImageSample[] samples = [.. validation.Samples.Where(sample => known.Contains(validation.ClassNames[sample.Label]))];
        if (samples.Length == 0)
        {
            return (new ModelAccuracy(0, images), lost);
        }

        try
        {
            EvaluationResult report = old.Evaluate(new ImageDataset(validation.ClassNames, samples), cancellationToken: cancellationToken);
            return (new ModelAccuracy(report.Correct, images), lost);
        }
        catch (InvalidDatasetException) when (force)
        {
            return (null, []);
        }
    }
}
