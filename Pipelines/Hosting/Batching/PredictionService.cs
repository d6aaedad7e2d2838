using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MLClassify.Common;
using MLClassify.Hosting.Batching;
using MLClassify.Hosting.Metrics;
using MLClassify.Imaging;

namespace MLClassify.Hosting;

/// <summary>
/// Classifies images for many callers at once: each is decoded on its caller's thread, a bounded number at a time, and the network runs
/// over batches of them. A new model is taken up while it runs (<see cref="ReloadAsync"/>). <c>AddImageClassifier</c> adds one that starts
/// and stops with the application; a program without a host makes one and calls <see cref="StartAsync"/>.
/// </summary>
public sealed partial class PredictionService : IHostedService, IAsyncDisposable, IDisposable
{
    /// <summary>The name of a classifier without one.</summary>
    internal const string DefaultName = "";

    private readonly Func<ImageClassifierOptions> _newest;
    private readonly ImageClassifier? _given;
    private readonly ImageClassifierOptions _options;
    private readonly ServingMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Admission _admission;
    private readonly SemaphoreSlim _decoders;
    private readonly SemaphoreSlim _reloading = new(1);
    private readonly DecodeOptions _decodeOptions;
    private ServedModel? _model;
    private BatchLoop? _loop;
    private ModelWatch? _watch;
    private bool _isDisposed;

    /// <summary>Makes a service for a model file.</summary>
    /// <param name="options">The model's path, and how it is served; a copy of none is made.</param>
    /// <param name="meters">Makes the meter of the counters and durations; one of its own when null.</param>
    /// <param name="logger">The log; none when null.</param>
    /// <param name="time">The clock that waits and timeouts go by; the system's when null.</param>
    /// <exception cref="OptionsValidationException">An option is outside its range; all of them are named.</exception>
    public PredictionService(
        ImageClassifierOptions options, IMeterFactory? meters = null, ILogger<PredictionService>? logger = null, TimeProvider? time = null)
        : this(DefaultName, () => Checked(options), null, time ?? TimeProvider.System, new ServingMetrics(meters), logger ?? NullLogger<PredictionService>.Instance)
    {
    }

    /// <summary>Makes a service for a loaded classifier.</summary>
    /// <param name="classifier">The classifier. It stays the caller's, who disposes it after the service.</param>
    /// <param name="options">How it is served; the defaults when null.</param>
    /// <param name="meters">Makes the meter of the counters and durations; one of its own when null.</param>
    /// <param name="logger">The log; none when null.</param>
    /// <param name="time">The clock that waits and timeouts go by; the system's when null.</param>
    /// <exception cref="OptionsValidationException">An option is outside its range; all of them are named.</exception>
    public PredictionService(
        ImageClassifier classifier,
        ImageClassifierOptions? options = null,
        IMeterFactory? meters = null,
        ILogger<PredictionService>? logger = null,
        TimeProvider? time = null)
        : this(DefaultName, Given(classifier, options ?? new ImageClassifierOptions()), classifier, time ?? TimeProvider.System, new ServingMetrics(meters), logger ?? NullLogger<PredictionService>.Instance)
    {
    }

    internal PredictionService(
        string name, Func<ImageClassifierOptions> newest, ImageClassifier? given, TimeProvider time, ServingMetrics metrics, ILogger<PredictionService> logger)
    {
        Name = name;
        _newest = newest;
        _given = given;
        _options = newest();
        Time = time;
        _metrics = metrics;
        _logger = logger;
        _admission = new Admission(_options.QueueLimit);
        Uploads = new UploadBudget(_options.MaxBufferedBytes);
        _decoders = new SemaphoreSlim(_options.MaxConcurrentDecodes == 0 ? Environment.ProcessorCount : _options.MaxConcurrentDecodes);
        _decodeOptions = new DecodeOptions { MaxPixels = _options.MaxPixels, LendsPixels = true };
        metrics.Watch(name, () => _admission.Count);
    }

    /// <summary>The name that it was added with; empty for the one without.</summary>
    public string Name { get; }

    /// <summary>
    /// The classifier that answers now. After a reload it is another, and the one before is disposed once its images are answered: ask anew
    /// rather than keep it.
    /// </summary>
    /// <exception cref="InvalidOperationException">The service has not started.</exception>
    public ImageClassifier Classifier => Model.Classifier;

    /// <summary>Images between upload and answer.</summary>
    public int QueueLength => _admission.Count;

    /// <summary>Why no image can be classified now; null when one can.</summary>
    internal string? Problem => _loop switch
    {
        null => "the classifier is not loaded yet",
        _ when _admission.IsClosed => "the server is stopping",
        { HasEnded: true } => "the batch loop has ended",
        _ => null,
    };

    /// <summary>Whether the last batch could not be computed: the next one may be.</summary>
    internal bool HasFailed => _loop is { HasFailed: true };

    internal ImageClassifierOptions Options => _options;

    internal Admission Admission => _admission;

    /// <summary>The memory that uploads may hold.</summary>
    internal UploadBudget Uploads { get; }

    internal ServingMetrics Metrics => _metrics;

    /// <summary>The clock that waits and timeouts go by.</summary>
    internal TimeProvider Time { get; }

    private ServedModel Model => Volatile.Read(ref _model) ?? throw new InvalidOperationException("The application has not started: the classifier is loaded when it does.");

    /// <summary>Classifies an encoded image, in one batch with what others ask for.</summary>
    /// <param name="encoded">The file's bytes; not changed while the call lasts.</param>
    /// <param name="cancellationToken">Cancels the wait; an image that is not computed yet is left out.</param>
    /// <exception cref="InvalidImageException">The content is not an image or is damaged.</exception>
    /// <exception cref="UnsupportedImageException">A valid format or feature that is not decoded.</exception>
    /// <exception cref="ServerBusyException">As many images wait as may, or the application is stopping.</exception>
    /// <exception cref="InvalidOperationException">The application has not started.</exception>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public async Task<Prediction> PredictAsync(ReadOnlyMemory<byte> encoded, CancellationToken cancellationToken = default)
    {
        Task<Prediction> answer = await EnqueueAsync(encoded, cancellationToken).ConfigureAwait(false);
        return await answer.ConfigureAwait(false);
    }

    /// <summary>Classifies an encoded image from a stream, such as a request's body.</summary>
    /// <param name="stream">The file's bytes, which are read to their end, <see cref="ImageClassifierOptions.MaxImageBytes"/> at most; not disposed.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="InvalidImageException">The content is not an image or is damaged, or longer than it may be (<see cref="InvalidImageException.IsTooLarge"/>).</exception>
    /// <exception cref="UnsupportedImageException">A valid format or feature that is not decoded.</exception>
    /// <exception cref="ServerBusyException">As many images wait as may, or the application is stopping.</exception>
    /// <exception cref="InvalidOperationException">The application has not started.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public async Task<Prediction> PredictAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using PooledBytes content = await PooledBytes.ReadAsync(stream, cancellationToken, _options.MaxImageBytes).ConfigureAwait(false);
        if (content.IsLonger)
        {
            throw new InvalidImageException(null, FormattableString.Invariant($"the file has more than the {_options.MaxImageBytes} bytes that are allowed")) { IsTooLarge = true };
        }

        Task<Prediction> answer = await EnqueueAsync(content.Memory, cancellationToken).ConfigureAwait(false);
        return await answer.ConfigureAwait(false);
    }

    /// <summary>Loads the model and computes once, so that a bad file stops the start and the first request is not slow.</summary>
    /// <param name="cancellationToken">Ignored while the model is loaded.</param>
    /// <exception cref="InvalidWeightsException">The file is no model.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_loop is not null)
        {
            return;
        }

        long start = Time.GetTimestamp();
        Volatile.Write(ref _model, await Task.Run(() => Load(_options), cancellationToken).ConfigureAwait(false));
        _loop = new BatchLoop(Name, _admission, _options, Time, _metrics, _logger);
        (string source, int classes, long milliseconds) = (Source(_options), Classifier.Labels.Count, Milliseconds(start));
        LogLoaded(_logger, Name, source, classes, milliseconds);
        if (_given is null && _options.ReloadInterval > TimeSpan.Zero)
        {
            _watch = new ModelWatch(this, _options.ReloadInterval);
        }
    }

    /// <summary>
    /// Reads the model's file again and answers from the new model from then on; images on their way are answered by the one that they came
    /// to. Where the file is no model, nothing changes.
    /// </summary>
    /// <param name="cancellationToken">Cancels the wait for another reload.</param>
    /// <exception cref="InvalidOperationException">The service has not started, or was given a loaded classifier.</exception>
    /// <exception cref="InvalidWeightsException">The file is no model.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task ReloadAsync(CancellationToken cancellationToken = default)
    {
        _ = Model;
        if (_given is not null)
        {
            throw new InvalidOperationException("The service was given a loaded classifier: there is no file to read again.");
        }

        await _reloading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            long start = Time.GetTimestamp();
            ImageClassifierOptions options = _newest();
            ServedModel fresh = await Task.Run(() => Load(options), cancellationToken).ConfigureAwait(false);
            if (_isDisposed)
            {
                fresh.Leave();
                return;
            }

            IReadOnlyList<string> before = Classifier.Labels;
            Interlocked.Exchange(ref _model, fresh)!.Leave();
            (string source, int classes, long milliseconds) = (Source(options), fresh.Classifier.Labels.Count, Milliseconds(start));
            LogReloaded(_logger, Name, source, classes, milliseconds);
            if (!before.SequenceEqual(fresh.Classifier.Labels, StringComparer.Ordinal))
            {
                (string was, string now) = (string.Join(", ", before), string.Join(", ", fresh.Classifier.Labels));
                LogOtherClasses(_logger, Name, was, now);
            }
        }
        finally
        {
            _reloading.Release();
        }
    }

    /// <summary>Admits no further images and waits for those that were.</summary>
    /// <param name="cancellationToken">Cancels the wait; images that still wait fail with <see cref="ServerBusyException"/>.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _watch?.Dispose();
        Task left = _admission.CloseAsync().WaitAsync(cancellationToken);
        await left.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await EndLoopAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the work after the batch under way, and waits for that.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Ends the work after the batch under way.</summary>
    public async ValueTask DisposeAsync()
    {
        _ = _admission.CloseAsync();
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _watch?.Dispose();
        await EndLoopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _loop?.Dispose();
        Interlocked.Exchange(ref _model, null)?.Leave();
        _metrics.Unwatch(Name);
        // The semaphores have no handle to free, and a caller may still give its place back.
    }

    /// <summary>Whether a file is another one than that of the model that answers.</summary>
    internal bool IsNew(FileStamp stamp) => Volatile.Read(ref _model) is { Stamp: { } loaded } && loaded != stamp;

    /// <summary>The file that is watched.</summary>
    internal FileStamp? StampNow() => _newest().ModelPath is { } path ? FileStamp.Of(path) : null;

    /// <summary>Reads the file again, and says in the log where that fails.</summary>
    internal async Task TryReloadAsync()
    {
        try
        {
            await ReloadAsync().ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // Whatever is wrong with the new file, the model that answers now goes on.
            LogNotReloaded(_logger, Name, error.Message, error);
        }
    }

    /// <summary>Decodes an image and puts it into the queue.</summary>
    /// <returns>The network's answer, for which the caller need not wait before the next image.</returns>
    internal async Task<Task<Prediction>> EnqueueAsync(ReadOnlyMemory<byte> encoded, CancellationToken cancellationToken)
    {
        BatchLoop loop = _loop ?? throw new InvalidOperationException("The application has not started: the classifier is loaded when it does.");
        _admission.Enter();
        ServedModel? model = null;
        bool isOwner = true;
        try
        {
            model = EnterModel();
            PreparedImage prepared = await PrepareAsync(model, encoded, cancellationToken).ConfigureAwait(false);
            var image = new QueuedImage(model, prepared, Time.GetTimestamp(), cancellationToken);
            if (!loop.TryAdd(image))
            {
                prepared.Dispose();
                throw new ServerBusyException("the server is stopping");
            }

            isOwner = false;
            return image.Answer.WaitAsync(cancellationToken);
        }
        finally
        {
            if (isOwner)
            {
                model?.Leave();
                _admission.Leave();
            }
        }
    }

    // A model may be freed between the look at it and the entry; then there is another.
    private ServedModel EnterModel()
    {
        while (true)
        {
            ServedModel model = Volatile.Read(ref _model) ?? throw new ServerBusyException("the server is stopping");
            if (model.TryEnter())
            {
                return model;
            }
        }
    }

    private async Task<PreparedImage> PrepareAsync(ServedModel model, ReadOnlyMemory<byte> encoded, CancellationToken cancellationToken)
    {
        await _decoders.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using Activity? span = ServingMetrics.StartSpan("mlclassify.decode", Name);
            span?.SetTag("mlclassify.image.bytes", encoded.Length);
            long start = Time.GetTimestamp();
            Image image = Image.Decode(encoded.Span, _decodeOptions);
            span?.SetTag("mlclassify.image.width", image.Width).SetTag("mlclassify.image.height", image.Height);
            PreparedImage prepared = model.Predictor.Prepare(image);
            image.Return();
            _metrics.Decoded(Name, Time.GetElapsedTime(start));
            return prepared;
        }
        catch (Exception error) when (error is InvalidImageException or UnsupportedImageException)
        {
            LogUnreadable(_logger, Name, encoded.Length, error.Message);
            throw;
        }
        finally
        {
            _decoders.Release();
        }
    }

    private ServedModel Load(ImageClassifierOptions options)
    {
        // Before the file is read: one that is replaced meanwhile is new.
        FileStamp? stamp = _given is null ? FileStamp.Of(options.ModelPath!) : null;
        ImageClassifier classifier = _given ?? ImageClassifier.Load(options.ModelPath!, options.Compute);
        ServedModel? model = null;
        try
        {
            model = new ServedModel(classifier, owns: _given is null, _options, stamp);
            int side = classifier.Preprocessing.CropSize;
            using PreparedImage black = model.Predictor.Prepare(new Image(side, side));
            model.Predictor.Predict([black]);
            return model;
        }
        catch
        {
            model?.Leave();
            if (model is null && _given is null)
            {
                classifier.Dispose();
            }

            throw;
        }
    }

    private string Source(ImageClassifierOptions options) => _given is null ? options.ModelPath! : "a loaded classifier";

    private long Milliseconds(long start) => (long)Time.GetElapsedTime(start).TotalMilliseconds;

    private Task EndLoopAsync(CancellationToken cancellationToken) => _loop?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    private static ImageClassifierOptions Checked(ImageClassifierOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ValidateOptionsResult result = new ImageClassifierOptionsValidator().Validate(name: null, options);
        return result.Failed ? throw new OptionsValidationException("", typeof(ImageClassifierOptions), result.Failures) : options;
    }

    private static Func<ImageClassifierOptions> Given(ImageClassifier classifier, ImageClassifierOptions options)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        options.IsLoaded = true;
        return () => Checked(options);
    }

    [LoggerMessage(EventId = 1, EventName = "ModelLoaded", Level = LogLevel.Information, Message = "Image classifier '{Name}': loaded {Model}, {Classes} classes, in {Milliseconds} ms.")]
    private static partial void LogLoaded(ILogger logger, string name, string model, int classes, long milliseconds);

    [LoggerMessage(EventId = 2, EventName = "ModelReloaded", Level = LogLevel.Information, Message = "Image classifier '{Name}': {Model} was replaced; loaded anew, {Classes} classes, in {Milliseconds} ms.")]
    private static partial void LogReloaded(ILogger logger, string name, string model, int classes, long milliseconds);

    [LoggerMessage(EventId = 3, EventName = "ModelNotReloaded", Level = LogLevel.Warning, Message = "Image classifier '{Name}': the new model cannot be used, the one before goes on. {Reason}")]
    private static partial void LogNotReloaded(ILogger logger, string name, string reason, Exception error);

    [LoggerMessage(EventId = 4, EventName = "OtherClasses", Level = LogLevel.Warning, Message = "Image classifier '{Name}': the new model has other classes. Before: {Before}. Now: {Now}.")]
    private static partial void LogOtherClasses(ILogger logger, string name, string before, string now);

    [LoggerMessage(EventId = 6, EventName = "ImageUnreadable", Level = LogLevel.Debug, Message = "Image classifier '{Name}': an image of {Bytes} bytes cannot be read: {Reason}")]
    private static partial void LogUnreadable(ILogger logger, string name, int bytes, string reason);
}
