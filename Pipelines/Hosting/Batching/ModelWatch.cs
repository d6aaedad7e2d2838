namespace MLClassify.Hosting.Batching;

/// <summary>
/// Looks at a model's file from time to time, and has it read again once it is another and has stopped changing. By looking, not by the
/// file system's events, which network drives, containers' mounts and exchanged links do not send.
/// </summary>
internal sealed class ModelWatch : IDisposable
{
    private readonly PredictionService _service;
    private readonly ITimer _timer;
    private FileStamp? _seen;
    private FileStamp? _tried;
    private int _isBusy;

    public ModelWatch(PredictionService service, TimeSpan interval)
    {
        _service = service;
        _timer = service.Time.CreateTimer(_ => Look(), null, interval, interval);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        if (Interlocked.Exchange(ref _isBusy, 1) == 1)
        {
            return;
        }

        // A file that is still being written changes between two looks.
        FileStamp? now = _service.StampNow();
        bool isSettled = now == _seen;
        _seen = now;
        if (now is { } stamp && isSettled && stamp != _tried && _service.IsNew(stamp))
        {
            _tried = stamp;
            _ = ReloadAsync();
        }
        else
        {
            Volatile.Write(ref _isBusy, 0);
        }
    }

    private async Task ReloadAsync()
    {
        await _service.TryReloadAsync().ConfigureAwait(false);
        Volatile.Write(ref _isBusy, 0);
    }
}
