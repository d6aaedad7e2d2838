namespace MLClassify.Hosting;

/// <summary>How a classifier is served. Checked when the application starts; a value outside its range stops it with a message.</summary>
public sealed class ImageClassifierOptions
{
    /// <summary>The model: what <see cref="ImageClassifier.Save(string)"/> or a training run wrote, or an ONNX file, or a run's folder. Needed unless a loaded classifier was given.</summary>
    public string? ModelPath { get; set; }

    /// <summary>What computes. Default: a graphics card where there is one and its library, else the managed engine. Without effect on a loaded classifier.</summary>
    public ComputeOptions Compute { get; set; } = new();

    /// <summary>Threads that compute: a short form of <see cref="ComputeOptions.Threads"/> in <see cref="Compute"/>. Default 0; 0 to 1,024. Without effect on a loaded classifier.</summary>
    public int Threads
    {
        get => Compute.Threads;
        set => Compute = Compute with { Threads = value };
    }

    /// <summary>
    /// How often the model's file is looked at, 0 to 1 day; default 5 seconds. Another one that is there and no longer changes is taken up; where it is no
    /// model, the one before goes on, with a warning. Never where it is 0; <see cref="PredictionService.ReloadAsync"/> does it at once. Without effect on a loaded classifier.
    /// </summary>
    public TimeSpan ReloadInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The most images that are gathered for the network, and the most samples that it takes at once (an image is one sample a view), 1 to
    /// 256; default 16. Memory of the activations grows with it.
    /// </summary>
    public int MaxBatch { get; set; } = 16;

    /// <summary>
    /// How long a batch that is not full waits for images that are being decoded, 0 to 1 second; default 3 ms. An image that comes alone
    /// does not wait.
    /// </summary>
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromMilliseconds(3);

    /// <summary>
    /// The most images between upload and answer, 1 to 100,000; default 256. Further ones are refused with status 503 before they are
    /// decoded.
    /// </summary>
    public int QueueLimit { get; set; } = 256;

    /// <summary>The largest image file, in bytes, 1 to 1 GiB; default 16 MiB. Larger ones are refused with status 413.</summary>
    public long MaxImageBytes { get; set; } = 16L << 20;

    /// <summary>The largest image, width times height as its file declares them, 1 to 715,827,863; default 50,000,000. Checked before memory is taken for it.</summary>
    public long MaxPixels { get; set; } = 50_000_000;

    /// <summary>The most files in one form, 1 to 1000, at most <see cref="QueueLimit"/>; default 16.</summary>
    public int MaxFiles { get; set; } = 16;

    /// <summary>The longest request, in bytes, from <see cref="MaxImageBytes"/> to 16 GiB; default 64 MiB. One file of it at a time is held in memory.</summary>
    public long MaxRequestBytes { get; set; } = 64L << 20;

    /// <summary>
    /// The most memory for uploaded files of all requests together, in bytes, from three times <see cref="MaxImageBytes"/> to 1 TiB; default 256 MiB.
    /// Uploads that would need more are refused with status 503.
    /// </summary>
    public long MaxBufferedBytes { get; set; } = 256L << 20;

    /// <summary>The longest that a file may take to arrive, 1 second to 1 hour; default 2 minutes. Slower ones are refused with status 408: they hold memory.</summary>
    public TimeSpan UploadTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The most images that are decoded at the same time, 0 to 1024; default 0: as many as there are cores.</summary>
    public int MaxConcurrentDecodes { get; set; }

    /// <summary>How many classes an answer lists, 1 to 1000; default 5.</summary>
    public int Top { get; set; } = 5;

    /// <summary>The views that each image is shown in, whose probabilities are averaged; default the center crop alone.</summary>
    public TestTimeViews Views { get; set; } = TestTimeViews.None;

    /// <summary>Whether a loaded classifier was given, so that no path is needed.</summary>
    internal bool IsLoaded { get; set; }
}
