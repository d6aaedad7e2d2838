namespace MLClassify.Hosting;

/// <summary>The server's queue is full; a later request can succeed.</summary>
public sealed class ServerBusyException : Exception
{
    internal ServerBusyException(string message)
        : base(message)
    {
    }
}
