namespace MLClassify.AspNetCore;

/// <summary>The server has no room for another image now; asking again later can succeed.</summary>
public sealed class ServerBusyException : Exception
{
    internal ServerBusyException(string message)
        : base(message)
    {
    }
}
