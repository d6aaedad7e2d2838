namespace MLClassify.Cli;

/// <summary>The command line asks for something that cannot be asked for.</summary>
/// <param name="message">What is wrong, in one sentence.</param>
internal sealed class UsageException(string message) : Exception(message);
