using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLClassify.MLNet;

/// <summary>
/// Trains an image classifier in a pipeline. Needs a key column with the classes and a column of images (paths or encoded bytes); the
/// transformer adds the predicted label and the probabilities.
/// </summary>
internal sealed class ImageClassifierEstimator : IEstimator<ImageClassifierTransformer>
{
    private readonly MLContext _context;
    private readonly ImageTrainerOptions _options;

    internal ImageClassifierEstimator(MLContext context, ImageTrainerOptions options)
    {
        options.Validate();
        _context = context;
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
        using var folder = new TemporaryFolder();
        var collector = new ImageCollector(folder, _options.ImageColumnName, _options.LabelColumnName);
        (ImageDataset train, LabelColumn label) = collector.Collect(input, "row", _options.CancellationToken);
        (train, ImageDataset validation) = _options.ValidationSet is { } set
            ? (train, collector.Collect(set, "validation row", _options.CancellationToken).Images.WithClasses(train.ClassNames))
            : train.Split(_options.ValidationFraction, _options.Seed);

        // Trainers work on threads of their own: nothing here waits for the caller's.
        TrainingResult result;
        try
        {
            result = Train(train, validation);
        }
        catch (OperationCanceledException)
        {
            _options.Run?.Abandon();
            throw;
        }

        _options.Run?.WriteArguments(result.Options, train, validation);
        _options.Run?.Write(result);
        return new ImageClassifierTransformer(result.TakeClassifier(), label.Names?.Names.Count == label.Classes ? label.Names : null, _options.Columns)
        {
            Training = new ImageTrainingSummary
            {
                Epochs = result.Epochs,
                Validation = result.Validation,
                Skipped = collector.Skipped(result.Skipped),
                RowsWithoutLabel = collector.RowsWithoutLabel,
                Warnings = result.Warnings,
                IsCanceled = result.IsCanceled,
            },
        };
    }

    private TrainingResult Train(ImageDataset train, ImageDataset validation)
    {
        try
        {
            return _options.CreateTrainer()(train, validation).GetAwaiter().GetResult();
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
            _context, inputSchema, ScoreColumns.Describe(input: null, _options.PredictedLabelColumnName, _options.ScoreColumnName, classes: 1, names));
    }
}
