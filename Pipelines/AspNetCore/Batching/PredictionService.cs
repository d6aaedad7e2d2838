using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MLClassify.AspNetCore.Batching;
using MLClassify.AspNetCore.Metrics;
using MLClassify.Imaging;

namespace MLClassify.AspNetCore;

/// <summary>
/// Classifies images for many callers at once: each is decoded on its caller's thread, a bounded number at a time, and the network runs
/// over batches of them. A singleton of <c>AddImageClassifier</c>; starts and stops with the application.
/// </summary>
public sealed partial class PredictionService : IHostedService, IAsyncDisposable, IDisposable
{
    private readonly Func<ImageClassifier> _load;
    private readonly ImageClassifierOptions _options;
    private readonly ServingMetrics _metrics;
    private readonly ILogger<PredictionService> _logger;
    private readonly Admission _admission;
    private readonly SemaphoreSlim _decoders;
    private readonly DecodeOptions _decodeOptions;
    private BatchPredictor? _predictor;
    private BatchLoop? _loop;
    private bool _isDisposed;

    internal PredictionService(
        Func<ImageClassifier> load,
        IOptions<ImageClassifierOptions> options,
        TimeProvider time,
        ServingMetrics metrics,
        ILogger<PredictionService> logger)
    {
        _load = load;
        _options = options.Value;
        Time = time;
        _metrics = metrics;
        _logger = logger;
        _admission = new Admission(_options.QueueLimit);
        _decoders = new SemaphoreSlim(_options.MaxConcurrentDecodes == 0 ? Environment.ProcessorCount : _options.MaxConcurrentDecodes);
        _decodeOptions = new DecodeOptions { MaxPixels = _options.MaxPixels };
        metrics.Watch(() => _admission.Count);
    }

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

    /// <summary>The clock that waits and timeouts go by.</summary>
    internal TimeProvider Time { get; }

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

    /// <summary>Loads the model and computes once, so that a bad file stops the start and the first request is not slow.</summary>
    /// <param name="cancellationToken">Ignored while the model is loaded.</param>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_loop is not null)
        {
            return;
        }

        long start = Time.GetTimestamp();
        ImageClassifier classifier = await Task.Run(_load, cancellationToken).ConfigureAwait(false);
        _predictor = classifier.CreateBatchPredictor(_options.MaxBatch, _options.Views);
        int side = classifier.Preprocessing.CropSize;
        using (PreparedImage black = _predictor.Prepare(new Image(side, side)))
        {
            _predictor.Predict([black]);
        }

        _loop = new BatchLoop(_predictor, _admission, _options, Time, _metrics, _logger);
        int classes = classifier.Labels.Count;
        long milliseconds = (long)Time.GetElapsedTime(start).TotalMilliseconds;
        LogLoaded(_logger, classes, milliseconds);
    }

    /// <summary>Admits no further images and waits for those that were.</summary>
    /// <param name="cancellationToken">Cancels the wait; images that still wait fail with <see cref="ServerBusyException"/>.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
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
        await EndLoopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _loop?.Dispose();
        _predictor?.Dispose();
        // The semaphore has no handle to free, and a caller may still give its place back.
    }

    /// <summary>Decodes an image and puts it into the queue.</summary>
    /// <returns>The network's answer, for which the caller need not wait before the next image.</returns>
    internal async Task<Task<Prediction>> EnqueueAsync(ReadOnlyMemory<byte> encoded, CancellationToken cancellationToken)
    {
        BatchLoop loop = _loop ?? throw new InvalidOperationException("The application has not started: the classifier is loaded when it does.");
        _admission.Enter();
        bool isOwner = true;
        try
        {
            PreparedImage prepared = await PrepareAsync(encoded, cancellationToken).ConfigureAwait(false);
            var image = new QueuedImage(prepared, Time.GetTimestamp(), cancellationToken);
            if (!loop.TryAdd(image))
            {
                image.Input.Dispose();
                throw new ServerBusyException("the server is stopping");
            }

            isOwner = false;
            return image.Answer.WaitAsync(cancellationToken);
        }
        finally
        {
            if (isOwner)
            {
                _admission.Leave();
            }
        }
    }

    private async Task<PreparedImage> PrepareAsync(ReadOnlyMemory<byte> encoded, CancellationToken cancellationToken)
    {
        await _decoders.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using Activity? span = ServingMetrics.Spans.StartActivity("mlclassify.decode");
            span?.SetTag("mlclassify.image.bytes", encoded.Length);
            long start = Time.GetTimestamp();
            PreparedImage prepared = _predictor!.Prepare(Image.Decode(encoded.Span, _decodeOptions));
            _metrics.Decoded(Time.GetElapsedTime(start));
            return prepared;
        }
        finally
        {
            _decoders.Release();
        }
    }

    private Task EndLoopAsync(CancellationToken cancellationToken) => _loop?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "Loaded an image classifier of {Classes} classes in {Milliseconds} ms.")]
    private static partial void LogLoaded(ILogger logger, int classes, long milliseconds);
}
