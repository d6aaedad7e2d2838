using MLClassify.Common;
using MLClassify.WeightFiles.Onnx;

namespace MLClassify;

/// <summary>
/// Puts a new model in the place of an old one, unless it is worse on the same pictures or knows fewer classes. Whoever reads the file meanwhile finds the old
/// model or the new one, whole; the old one is kept as <c>NAME.previous.safetensors</c>.
/// </summary>
public static class ModelReplacement
{
    /// <summary>Measures both models, and replaces the file unless the new one recognises fewer pictures, or lacks a class of the old one.</summary>
    /// <param name="path">The model's file; it need not exist.</param>
    /// <param name="candidate">The new model.</param>
    /// <param name="validation">The pictures that both are measured with, which neither should have learnt from.</param>
    /// <param name="force">Whether a worse model, too, one with fewer classes, and one in place of a file that cannot be measured, is put there. Default false.</param>
    /// <param name="cancellationToken">Ends the work before anything is changed.</param>
    /// <remarks>
    /// Pictures of a class that the old model does not know count as not recognised by it. Of two processes that replace the same file one
    /// waits for the other.
    /// </remarks>
    /// <exception cref="InvalidDatasetException">There are no pictures, or the new model does not know one of their classes.</exception>
    /// <exception cref="InvalidWeightsException">The file in place is no model.</exception>
    /// <exception cref="UnsupportedOnnxException">The file in place is an ONNX model that cannot be read.</exception>
    /// <exception cref="IOException">A file cannot be read or written; the one in place is untouched.</exception>
    /// <exception cref="OperationCanceledException">The work was ended.</exception>
    public static async Task<ReplacementResult> ReplaceAsync(
        string path, ImageClassifier candidate, ImageDataset validation, bool force = false, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentNullException.ThrowIfNull(validation);
        cancellationToken.ThrowIfCancellationRequested();
        string full = Path.GetFullPath(path);
        string lockPath = Path.Combine(Path.GetDirectoryName(full) ?? "", $".{Path.GetFileName(full)}.lock");
        using FileLock held = await FileLock.AcquireAsync(lockPath, cancellationToken: cancellationToken).ConfigureAwait(false);

        // Measuring takes the processor for a while: not on the caller's thread.
        return await Task.Run(() => Replace(full, candidate, validation, force, cancellationToken), CancellationToken.None).ConfigureAwait(false);
    }

    private static ReplacementResult Replace(string path, ImageClassifier candidate, ImageDataset validation, bool force, CancellationToken cancellationToken)
    {
        EvaluationResult report = candidate.Evaluate(validation, cancellationToken: cancellationToken);
        var accuracy = new ModelAccuracy(report.Correct, report.Images);
        if (!File.Exists(path))
        {
            candidate.Save(path);
            return new ReplacementResult(ReplacementOutcome.First, accuracy, null, path, null);
        }

        (ModelAccuracy? existing, IReadOnlyList<string> lost) = MeasureExisting(path, candidate, validation, report.Images, force, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        bool isWorse = existing is { } before && accuracy.Correct < before.Correct;
        if ((isWorse || lost.Count > 0) && !force)
        {
            return new ReplacementResult(ReplacementOutcome.Kept, accuracy, existing, path, null) { LostClasses = lost };
        }

        string previous = RetrainingProject.PreviousOf(path);
        Exchange(path, previous, candidate);
        return new ReplacementResult(ReplacementOutcome.Replaced, accuracy, existing, path, previous) { LostClasses = lost };
    }

    // The new file is complete before the old one is touched, which is copied, not moved: there is a model at every moment, and what was
    // kept before stays until then.
    private static void Exchange(string path, string previous, ImageClassifier candidate)
    {
        string complete = path + ".new";
        try
        {
            candidate.Save(complete);
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

    private static (ModelAccuracy? Accuracy, IReadOnlyList<string> Lost) MeasureExisting(
        string path, ImageClassifier candidate, ImageDataset validation, long images, bool force, CancellationToken cancellationToken)
    {
        try
        {
            using ImageClassifier model = ImageClassifier.Load(path);
            string[] lost = [.. model.Labels.Except(candidate.Labels, StringComparer.Ordinal)];
            var known = model.Labels.ToHashSet(StringComparer.Ordinal);
            ImageSample[] samples = [.. validation.Samples.Where(sample => known.Contains(validation.ClassNames[sample.Label]))];
            if (samples.Length == 0)
            {
                return (new ModelAccuracy(0, images), lost);
            }

            EvaluationResult report = model.Evaluate(
                new ImageDataset(validation.ClassNames, samples), cancellationToken: cancellationToken);
            return (new ModelAccuracy(report.Correct, images), lost);
        }
        catch (Exception e) when (force && e is (InvalidWeightsException or UnsupportedOnnxException or InvalidDatasetException))
        {
            return (null, []);
        }
    }
}
