namespace MLClassify.Cli.Output;

/// <summary>Training was canceled before there was a model; the message says what is left and how to go on.</summary>
/// <param name="message">For people.</param>
/// <param name="inner">The cancellation.</param>
internal sealed class EarlyEndException(string message, OperationCanceledException inner) : OperationCanceledException(message, inner, inner.CancellationToken);
