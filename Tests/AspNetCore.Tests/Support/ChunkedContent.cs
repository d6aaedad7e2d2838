using System.Net;
using System.Net.Http.Headers;

namespace MLClassify.AspNetCore.Tests.Support;

/// <summary>A body whose length is not announced, and which can be held up before its last byte.</summary>
internal sealed class ChunkedContent : HttpContent
{
    private readonly byte[] _bytes;
    private readonly Task _beforeLast;
    private readonly TaskCompletionSource _isHeld = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ChunkedContent(byte[] bytes, string type = "image/png", Task? beforeLast = null)
    {
        _bytes = bytes;
        _beforeLast = beforeLast ?? Task.CompletedTask;
        Headers.ContentType = MediaTypeHeaderValue.Parse(type);
    }

    /// <summary>Ends when all but the last byte is sent.</summary>
    public Task Held => _isHeld.Task;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(_bytes.AsMemory(0, _bytes.Length - 1), cancellationToken);
        await stream.FlushAsync(cancellationToken);
        _isHeld.TrySetResult();
        await _beforeLast.WaitAsync(cancellationToken);
        await stream.WriteAsync(_bytes.AsMemory(_bytes.Length - 1), cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
