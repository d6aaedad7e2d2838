namespace MLClassify.AspNetCore;

/// <summary>The server has no room for another picture now; asking again later can succeed.</summary>
public sealed class ServerBusyException : Exception
{
    internal ServerBusyException(string message)
        : base(message)
    {
    }
}
