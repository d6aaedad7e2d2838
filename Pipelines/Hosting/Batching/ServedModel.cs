namespace MLClassify.Hosting.Batching;

/// <summary>
/// A loaded model and who uses it: the service, and every image on its way through it. It is freed when the last has left, so that images
/// that came before a new model was loaded are answered by theirs.
/// </summary>
internal sealed class ServedModel
{
    private readonly bool _owns;
    private int _users = 1;

    /// <summary>Takes a classifier, for the service as its first user.</summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="owns">Whether it is disposed with this.</param>
    /// <param name="options">The batch and the views.</param>
    /// <param name="stamp">Which version of its file it is; null where it came from none.</param>
    public ServedModel(ImageClassifier classifier, bool owns, ImageClassifierOptions options, FileStamp? stamp)
    {
        Classifier = classifier;
        _owns = owns;
        Stamp = stamp;
        Predictor = classifier.CreateBatchPredictor(options.MaxBatch, options.Views);
    }

    public ImageClassifier Classifier { get; }

    public BatchPredictor Predictor { get; }

    public FileStamp? Stamp { get; }

    /// <summary>Becomes one of its users.</summary>
    /// <returns>Whether that is possible; not once it is freed.</returns>
    public bool TryEnter()
    {
        int users = Volatile.Read(ref _users);
        while (users > 0)
        {
            int found = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (found == users)
            {
                return true;
            }

            users = found;
        }

        return false;
    }

    /// <summary>Is no longer one of its users.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) > 0)
        {
            return;
        }

        Predictor.Dispose();
        if (_owns)
        {
            Classifier.Dispose();
        }
    }
}
