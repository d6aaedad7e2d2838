using System.Diagnostics;

namespace MLClassify.Hosting.Batching;

/// <summary>A prepared image on its way through the queue. The queue owns it: whoever takes it out answers it and lets go of it.</summary>
/// <param name="model">The model that prepared it, which it uses.</param>
/// <param name="input">The network's input.</param>
/// <param name="since">When it came, by the service's clock.</param>
/// <param name="cancellationToken">Canceled when nobody waits for the answer any more.</param>
internal sealed class QueuedImage(ServedModel model, PreparedImage input, long since, CancellationToken cancellationToken)
{
    // Continuations write responses: they must not run on the loop.
    private readonly TaskCompletionSource<Prediction> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ServedModel Model { get; } = model;

    public PreparedImage Input { get; } = input;

    /// <summary>When it came, by the service's clock.</summary>
    public long Since { get; } = since;

    /// <summary>What its caller's trace is, so that the batch that it is computed in can name it.</summary>
    public ActivityContext Trace { get; } = Activity.Current?.Context ?? default;

    /// <summary>Whether nobody waits for the answer any more.</summary>
    public bool IsCanceled => cancellationToken.IsCancellationRequested;

    public Task<Prediction> Answer => _answer.Task;

    public void Succeed(Prediction prediction) => _answer.TrySetResult(prediction);

    public void Cancel() => _answer.TrySetCanceled();

    public void Fail(Exception error) => _answer.TrySetException(error);

    /// <summary>Frees its memory, and its model.</summary>
    public void Leave()
    {
        Input.Dispose();
        Model.Leave();
    }
}
