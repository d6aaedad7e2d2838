using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLClassify.MLNet;

/// <summary>
/// Trains an image classifier in a pipeline. Needs a key column with the classes and a column of images (paths, encoded bytes, or <c>MLImage</c>); the
/// transformer adds the predicted label and the probabilities.
/// </summary>
internal sealed class ImageClassifierEstimator : IEstimator<ImageClassifierTransformer>
{
    private const int MostNamed = 8;

    private readonly IHostEnvironment _environment;
    private readonly ImageTrainerOptions _options;

    internal ImageClassifierEstimator(IHostEnvironment environment, ImageTrainerOptions options)
    {
        options.Validate();
        _environment = environment;
        _options = options;
    }

    /// <summary>Trains. Rows without a label and images that cannot be read are left out.</summary>
    /// <param name="input">The training data; it is read once.</param>
    /// <returns>The best epoch's model, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">A column is missing or of another type, or there are fewer than two classes.</exception>
    /// <exception cref="InvalidDatasetException">There are no readable images to train or to validate on.</exception>
    /// <exception cref="OperationCanceledException">Training was canceled before its first epoch was finished.</exception>
    /// <exception cref="TrainingDivergedException">The loss is no longer finite; the exception has the best epoch before.</exception>
    public ImageClassifierTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using IChannel messages = _environment.Register("ImageClassification").Start("Fit");
        long seed = _options.Seed ?? MLNetInternals.SeedOf(_environment) ?? new FineTuneOptions().Seed;
        using var folder = new TemporaryFolder();
        var collector = new ImageCollector(folder, _options.ImageColumnName, _options.LabelColumnName);
        (ImageDataset train, LabelColumn label) = collector.Collect(input, "row", _options.CancellationToken);
        TrainingRows.Check(train.ClassNames, train.CountPerClass(), collector.RowsWithoutLabel, collector.Unusable.Count, _options.LabelColumnName, _options.ImageColumnName);
        (train, ImageDataset validation) = _options.ValidationSet is { } set
            ? (train, collector.Collect(set, "validation row", _options.CancellationToken).Images.WithClasses(train.ClassNames))
            : Split(train, seed);
        string[] empty = [.. train.ClassNames.Zip(train.CountPerClass()).Where(entry => entry.Second == 0).Select(entry => $"'{entry.First}'")];
        if (empty.Length > 0)
        {
            messages.Warning(MessageSensitivity.UserData, FormattableString.Invariant(
                $"{empty.Length} of the {train.ClassNames.Count} classes of the column '{_options.LabelColumnName}' have no training image and cannot be learned: {string.Join(", ", empty.Take(MostNamed))}."));
        }

        messages.Info(MessageSensitivity.None, FormattableString.Invariant(
            $"{train.ClassNames.Count} classes, {train.Count} training images, {validation.Count} held out"));

        // Trainers work on threads of their own: nothing here waits for the caller's.
        TrainingResult result;
        try
        {
            result = Train(train, validation, seed, new EpochMessages(messages, _options.Progress));
        }
        catch (OperationCanceledException)
        {
            _options.Run?.Abandon();
            throw;
        }
        catch (InvalidDatasetException e) when (collector.Describe(e.Message) != e.Message)
        {
            throw new InvalidDatasetException(collector.Describe(e.Message));
        }

        _options.Run?.WriteArguments(result.Options, train, validation);
        _options.Run?.Write(result);
        var summary = new ImageTrainingSummary
        {
            Epochs = result.Epochs,
            Validation = result.Validation,
            Skipped = collector.Skipped(result.Skipped),
            RowsWithoutLabel = collector.RowsWithoutLabel,
            Warnings = result.Warnings,
            IsCanceled = result.IsCanceled,
        };
        Report(messages, result, summary);
        return new ImageClassifierTransformer(result.TakeClassifier(), label.Names?.Names.Count == label.Classes ? label.Names : null, _options.Columns)
        {
            Training = summary,
            Environment = _environment,
        };
    }

    private (ImageDataset Train, ImageDataset Validation) Split(ImageDataset images, long seed)
    {
        (ImageDataset train, ImageDataset validation) = images.Split(_options.ValidationFraction, seed);
        return validation.Count > 0
            ? (train, validation)
            : throw new InvalidDatasetException(FormattableString.Invariant(
                $"None of the {images.ClassNames.Count} classes has a second image that could be held out ('{images.ClassNames[0]}' has {images.CountPerClass()[0]}). Add images, or give a {nameof(ImageClassificationOptions.ValidationSet)}."));
    }

    // What a console program shows after a training, where ML.NET's users listen: context.Log.
    private static void Report(IChannel messages, TrainingResult result, ImageTrainingSummary summary)
    {
        if (summary.Skipped.Count > 0)
        {
            messages.Warning(MessageSensitivity.UserData, FormattableString.Invariant(
                $"{summary.Skipped.Count} images could not be read and were left out. First: {summary.Skipped[0].Path}: {summary.Skipped[0].Reason}"));
        }

        if (summary.RowsWithoutLabel > 0)
        {
            messages.Warning(MessageSensitivity.None, FormattableString.Invariant($"{summary.RowsWithoutLabel} rows without a label were left out."));
        }

        foreach (string warning in summary.Warnings.Concat(result.Diagnosis.Where(verdict => verdict.Tone == VerdictTone.Problem).Select(verdict => verdict.ToString())))
        {
            messages.Warning(MessageSensitivity.UserData, warning);
        }

        messages.Info(MessageSensitivity.None, result.ToString());
    }

    private TrainingResult Train(ImageDataset train, ImageDataset validation, long seed, EpochMessages progress)
    {
        try
        {
            return _options.CreateTrainer(seed, progress)(train, validation).GetAwaiter().GetResult();
        }
        catch
        {
            _options.Run?.Abandon();
            throw;
        }
    }

    /// <summary>The output schema.</summary>
    /// <param name="inputSchema">The input's schema.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        SchemaShape.Column label = LabelColumn.Check(inputSchema, _options.LabelColumnName);
        ImageColumns.Check(inputSchema, _options.ImageColumnName);
        KeyNames? names = SchemaShapes.Find(label.Annotations, KeyNames.Kind) is { } values ? KeyNames.Example(values.ItemType) : null;
        return SchemaShapes.Add(
            inputSchema, ScoreColumns.Describe(input: null, _options.PredictedLabelColumnName, _options.ScoreColumnName, classes: 1, names));
    }
}
