namespace MLClassify.AspNetCore.Batching;

/// <summary>A prepared image on its way through the queue. The queue owns it: whoever takes it out answers it and frees its memory.</summary>
internal sealed class QueuedImage(PreparedImage input, long since, CancellationToken cancellationToken)
{
    // Continuations write responses: they must not run on the loop.
    private readonly TaskCompletionSource<Prediction> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PreparedImage Input { get; } = input;

    /// <summary>When it came, by the service's clock.</summary>
    public long Since { get; } = since;

    /// <summary>Whether nobody waits for the answer any more.</summary>
    public bool IsCanceled => cancellationToken.IsCancellationRequested;

    public Task<Prediction> Answer => _answer.Task;

    public void Succeed(Prediction prediction) => _answer.TrySetResult(prediction);

    public void Cancel() => _answer.TrySetCanceled();

    public void Fail(Exception error) => _answer.TrySetException(error);
}
