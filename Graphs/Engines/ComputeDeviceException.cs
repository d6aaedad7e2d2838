namespace MLClassify;

/// <summary>A device that was asked for cannot be used: its library, its driver or itself is missing. The message says which, and what to do.</summary>
public sealed class ComputeDeviceException : Exception
{
    /// <summary>Keeps a message.</summary>
    /// <param name="message">What is missing.</param>
    public ComputeDeviceException(string message)
        : base(message)
    {
    }

    /// <summary>Keeps a message and its cause.</summary>
    /// <param name="message">What is missing.</param>
    /// <param name="innerException">The cause.</param>
    public ComputeDeviceException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
