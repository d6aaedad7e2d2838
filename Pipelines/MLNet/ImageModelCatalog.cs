using Microsoft.ML;

namespace MLClassify.MLNet;

/// <summary>Models in place of others, where ML.NET saves and loads models: <c>context.Model</c>.</summary>
public static class ImageModelCatalog
{
    /// <summary>
    /// Saves a model in the place of an earlier one, unless it recognizes fewer of the same images or lacks a class of the old one. Whoever loads
    /// the file meanwhile finds the old model or the new one, whole; the old one is kept as <c>NAME.previous.zip</c>.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="path">The model's file, as <c>Save</c> writes it; it need not exist.</param>
    /// <param name="model">The new model, with an image classifier in it.</param>
    /// <param name="inputSchema">The schema of its input; null where it is not known.</param>
    /// <param name="heldOut">The images that both are measured with, which neither should have learned from.</param>
    /// <param name="force">Whether the file is replaced in any case. Default false.</param>
    /// <param name="cancellationToken">Cancels the work before anything is changed.</param>
    /// <remarks>
    /// Images that either model was trained on are left out for both, unless none would be left; those of a class that the old model does not
    /// know count as not recognized by it.
    /// </remarks>
    /// <exception cref="ArgumentException">The model has no image classifier in it.</exception>
    /// <exception cref="InvalidDatasetException">There are no images, or the new model does not know one of their classes.</exception>
    /// <exception cref="InvalidWeightsException">The file in place is no such model.</exception>
    /// <exception cref="IOException">A file cannot be read or written; the one in place is untouched.</exception>
    /// <exception cref="OperationCanceledException">The work was canceled.</exception>
    public static Task<ReplacementResult> ReplaceImageClassifierAsync(
        this ModelOperationsCatalog catalog,
        string path,
        ITransformer model,
        DataViewSchema? inputSchema,
        ImageDataset heldOut,
        bool force = false,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ImageClassifier candidate = ClassifierIn(model) ?? throw new ArgumentException("The model has no image classifier in it.", nameof(model));
        return ModelReplacement.ReplaceAsync(path, candidate, file => catalog.Save(model, inputSchema, file), file => Load(catalog, file), heldOut, force, cancellationToken);
    }

    // The classifier alone: it is all that is disposed in a chain.
    private static ImageClassifier Load(ModelOperationsCatalog catalog, string file)
    {
        ITransformer model;
        try
        {
            model = catalog.Load(file, out _);
        }
        catch (Exception e) when (e is not (IOException or OutOfMemoryException))
        {
            // ML.NET throws whatever its readers meet.
            throw new InvalidWeightsException(file, $"this is no model of ML.NET's: {e.Message.TrimEnd('.')}", innerException: e);
        }

        ImageClassifier? classifier = ClassifierIn(model);
        if (classifier is null)
        {
            (model as IDisposable)?.Dispose();
            throw new InvalidWeightsException(file, "the model in it is no image classifier");
        }

        return classifier;
    }

    private static ImageClassifier? ClassifierIn(ITransformer model) => model switch
    {
        ImageClassifierTransformer own => own.Classifier,
        IEnumerable<ITransformer> chain => chain.Select(ClassifierIn).FirstOrDefault(found => found is not null),
        _ => null,
    };
}
