using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MLClassify.Testing;

/// <summary>
/// A server on this machine that does what a test tells it, down to the bytes on the wire: it may lie about lengths, fall silent, or hang
/// up. Every connection serves one request.
/// </summary>
public sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<LoopbackRequest, Stream, Task> _handler;
    private readonly ConcurrentQueue<LoopbackRequest> _requests = new();
    private int _count;

    /// <summary>Starts to listen.</summary>
    /// <param name="handler">Writes the answer, head and all; the connection is closed afterwards.</param>
    public LoopbackServer(Func<LoopbackRequest, Stream, Task> handler)
    {
        _handler = handler;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>The port.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The server's address, with a slash at its end.</summary>
    public Uri Root => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/"));

    /// <summary>The requests so far, in order.</summary>
    public IReadOnlyList<LoopbackRequest> Requests => [.. _requests];

    /// <summary>A server of one file, which understands ranges.</summary>
    /// <param name="content">The file.</param>
    /// <param name="etag">Its entity tag, or null.</param>
    public static LoopbackServer Of(byte[] content, string? etag = "\"1\"") => new((request, stream) => SendFileAsync(request, stream, content, etag));

    /// <summary>Answers with a file, or the part of it that is asked for if it is still this version.</summary>
    /// <param name="request">The request.</param>
    /// <param name="stream">The connection.</param>
    /// <param name="content">The file.</param>
    /// <param name="etag">Its entity tag, or null.</param>
    /// <param name="bytes">How many bytes of the answer's body are sent before the connection ends; all when null.</param>
    public static async Task SendFileAsync(LoopbackRequest request, Stream stream, byte[] content, string? etag = "\"1\"", int? bytes = null)
    {
        bool isSame = !request.Headers.TryGetValue("If-Range", out string? condition) || condition == etag;
        int offset = isSame ? request.Offset : 0;
        string tag = etag is null ? "" : $"ETag: {etag}\r\n";
        if (offset >= content.Length && offset > 0)
        {
            await SendHeadAsync(stream, "416 Range Not Satisfiable", 0, $"Content-Range: bytes */{content.Length}\r\n");
            return;
        }

        string range = offset > 0 ? $"Content-Range: bytes {offset}-{content.Length - 1}/{content.Length}\r\n" : "";
        await SendHeadAsync(stream, offset > 0 ? "206 Partial Content" : "200 OK", content.Length - offset, tag + range);
        await stream.WriteAsync(content.AsMemory(offset, Math.Min(bytes ?? int.MaxValue, content.Length - offset)));
    }

    /// <summary>Says nothing until the server is disposed or the client hangs up.</summary>
    /// <param name="stream">The connection.</param>
    public static async Task StaySilentAsync(Stream stream)
    {
        byte[] rest = new byte[256];
        while (await stream.ReadAsync(rest) > 0)
        {
            // The client has nothing to say after its request; what ends this is the connection's end.
        }
    }

    /// <summary>Writes the head of an answer.</summary>
    /// <param name="stream">The connection.</param>
    /// <param name="status">The status, number and text.</param>
    /// <param name="length">The length that is announced, or null for none.</param>
    /// <param name="headers">Further lines, each with its end.</param>
    public static async Task SendHeadAsync(Stream stream, string status, long? length, string headers = "Content-Type: application/octet-stream\r\n")
    {
        string size = length is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"Content-Length: {bytes}\r\n") : "";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nConnection: close\r\n{size}{headers}\r\n"));
        await stream.FlushAsync();
    }

    /// <summary>Ends the server and every connection.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            using CancellationTokenRegistration end = _stop.Token.Register(client.Close);
            try
            {
                NetworkStream stream = client.GetStream();
                if (await ReadAsync(stream) is { } request)
                {
                    _requests.Enqueue(request);
                    await _handler(request, stream);
                    await stream.FlushAsync();
                    client.Client.Shutdown(SocketShutdown.Send);
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The client hung up, as some tests want it to.
            }
        }
    }

    private async Task<LoopbackRequest?> ReadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
            {
                return null;
            }

            head.Append((char)one[0]);
        }

        string[] lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        string[] first = lines[0].Split(' ');
        var headers = lines.Skip(1).Select(l => l.Split(": ", 2)).ToDictionary(p => p[0], p => p[1], StringComparer.OrdinalIgnoreCase);
        return new LoopbackRequest(first[0], first[1], headers, Interlocked.Increment(ref _count));
    }
}
