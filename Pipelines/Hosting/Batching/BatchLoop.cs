using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using MLClassify.Hosting.Metrics;

namespace MLClassify.Hosting.Batching;

/// <summary>
/// Takes prepared images from a queue and runs the network over as many as have gathered. A batch that is not full waits only while
/// further images are admitted and on their way, and never longer than the limit.
/// </summary>
internal sealed partial class BatchLoop : IDisposable
{
    private readonly string _name;
    private readonly Admission _admission;
    private readonly ServingMetrics _metrics;
    private readonly ILogger _logger;
    private readonly int _maxBatch;
    private readonly TimeSpan _maxWait;
    private readonly TimeProvider _time;
    private readonly Channel<QueuedImage> _queue;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _work;
    private Task<bool>? _arrival;

    /// <summary>Begins to wait for images.</summary>
    /// <param name="name">The classifier's name, for logs and metrics.</param>
    /// <param name="admission">Counts the images.</param>
    /// <param name="options">The batch and its wait.</param>
    /// <param name="time">The clock.</param>
    /// <param name="metrics">Counts and measures.</param>
    /// <param name="logger">Receives failures.</param>
    public BatchLoop(
        string name, Admission admission, ImageClassifierOptions options, TimeProvider time, ServingMetrics metrics, ILogger logger)
    {
        _name = name;
        _admission = admission;
        _metrics = metrics;
        _logger = logger;
        _maxBatch = options.MaxBatch;
        _maxWait = options.MaxWait;
        _time = time;
        // Only the admitted are queued, so that there is always room.
        _queue = Channel.CreateBounded<QueuedImage>(new BoundedChannelOptions(admission.Limit) { SingleReader = true });
        _work = Task.Run(RunAsync);
    }

    /// <summary>Whether the loop has ended, as it does only at the application's end.</summary>
    public bool HasEnded => _work.IsCompleted;

    /// <summary>Whether the last batch could not be computed.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Hands an admitted image over, and its place with it.</summary>
    /// <returns>Whether it was taken; not once the loop is ending.</returns>
    public bool TryAdd(QueuedImage image) => _queue.Writer.TryWrite(image);

    /// <summary>Ends the loop once the queue is empty.</summary>
    /// <param name="cancellationToken">Cancels it after the batch under way; what waits fails.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        using CancellationTokenRegistration registration = cancellationToken.Register(_ending.Cancel);
        await _work.ConfigureAwait(false);
    }

    /// <summary>Frees what it needs to be ended; after <see cref="StopAsync"/>.</summary>
    public void Dispose() => _ending.Dispose();

    private async Task RunAsync()
    {
        var batch = new List<QueuedImage>(_maxBatch);
        while (!_ending.IsCancellationRequested && await ArrivalAsync().ConfigureAwait(false))
        {
            try
            {
                await GatherAsync(batch).ConfigureAwait(false);
                // While a new model is taken up, some images are the old one's.
                foreach (IGrouping<ServedModel, QueuedImage> own in batch.GroupBy(image => image.Model))
                {
                    Run(own.Key, [.. own]);
                }
            }
            catch (Exception error)
            {
                // A log or a listener to the metrics that throws must not end the loop, in which others wait.
                HasFailed = true;
                batch.ForEach(image => image.Fail(error));
            }

            batch.ForEach(Leave);
            batch.Clear();
        }

        while (_queue.Reader.TryRead(out QueuedImage? left))
        {
            left.Fail(new ServerBusyException("the server is stopping"));
            Leave(left);
        }
    }

    private async Task GatherAsync(List<QueuedImage> batch)
    {
        long start = _time.GetTimestamp();
        while (batch.Count < _maxBatch)
        {
            if (_queue.Reader.TryRead(out QueuedImage? image))
            {
                Accept(image, batch);
                continue;
            }

            TimeSpan left = _maxWait - _time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero || _admission.Count <= batch.Count)
            {
                return;
            }

            Task wait = ArrivalAsync().WaitAsync(left, _time);
            await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!wait.IsCompletedSuccessfully || _queue.Reader.Completion.IsCompleted)
            {
                return;
            }
        }
    }

    // A wait that timed out goes on: another one beside it would be kept by the channel too.
    private Task<bool> ArrivalAsync()
    {
        if (_arrival is null || _arrival.IsCompleted)
        {
            _arrival = _queue.Reader.WaitToReadAsync().AsTask();
        }

        return _arrival;
    }

    private void Accept(QueuedImage image, List<QueuedImage> batch)
    {
        if (image.IsCanceled)
        {
            image.Cancel();
            Leave(image);
        }
        else
        {
            batch.Add(image);
            _metrics.Waited(_name, _time.GetElapsedTime(image.Since));
        }
    }

    private void Run(ServedModel model, List<QueuedImage> batch)
    {
        long start = _time.GetTimestamp();
        try
        {
            using Activity? span = ServingMetrics.StartSpan("mlclassify.network", _name, batch.Select(image => image.Trace));
            span?.SetTag("mlclassify.batch.size", batch.Count);
            IReadOnlyList<Prediction> predictions = model.Predictor.Predict([.. batch.Select(image => image.Input)]);
            _metrics.Computed(_name, _time.GetElapsedTime(start), batch.Count);
            HasFailed = false;
            for (int i = 0; i < batch.Count; i++)
            {
                batch[i].Succeed(predictions[i]);
            }
        }
        catch (Exception error)
        {
            // Whatever it was, those who wait are told, and the loop goes on for those to come.
            HasFailed = true;
            batch.ForEach(image => image.Fail(error));
            LogFailed(_logger, _name, batch.Count, error);
        }
    }

    private void Leave(QueuedImage image)
    {
        image.Leave();
        _admission.Leave();
    }

    [LoggerMessage(EventId = 5, EventName = "BatchFailed", Level = LogLevel.Error, Message = "Image classifier '{Name}': the network failed for a batch of {Count}.")]
    private static partial void LogFailed(ILogger logger, string name, int count, Exception error);
}
