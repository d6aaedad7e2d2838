using MLClassify.Cli.Naming;
using MLClassify.Imaging;

namespace MLClassify.Cli.Output;

/// <summary>An error as one line and an exit code.</summary>
internal static class ErrorReport
{
    /// <summary>Writes <c>error: ...</c>.</summary>
    /// <param name="exception">What happened.</param>
    /// <param name="error">The destination.</param>
    /// <param name="isVerbose">Whether the stack follows.</param>
    /// <returns>The exit code.</returns>
    public static int Write(Exception exception, TextWriter error, bool isVerbose)
    {
        error.WriteLine($"error: {DisplayLine.Clean(Describe(exception))}");
        if (isVerbose)
        {
            error.WriteLine(exception.ToString());
        }

        return exception switch
        {
            UsageException or ArgumentException => ExitCode.Usage,
            OperationCanceledException => ExitCode.Canceled,
            _ => ExitCode.Failure,
        };
    }

    /// <summary>What happened, for people.</summary>
    public static string Describe(Exception exception) => exception switch
    {
        EarlyEndException => exception.Message,
        OperationCanceledException => "canceled",
        ArgumentException when OptionNames.IsAbout(exception) => OptionNames.Translate(exception.Message),
        ArgumentException { ParamName: string name } => exception.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal),
        InsufficientMemoryException => $"{exception.Message} A smaller --batch-size or --image-size needs less.",
        OutOfMemoryException => "not enough memory; a smaller --batch-size or --image-size needs less",
        _ when IsExpected(exception) => ErrorAdvice.AddTo(exception),
        _ => $"unexpected {exception.GetType().Name}: {exception.Message}; --verbose shows where",
    };

    /// <summary>Why an image cannot be read, for a line that names the file itself.</summary>
    public static string ReasonOf(Exception exception) => exception switch
    {
        InvalidImageException invalid => invalid.Problem,
        UnsupportedImageException unsupported => unsupported.Problem,
        _ => exception.Message,
    };

    private static bool IsExpected(Exception exception) => exception
        is UsageException or ArgumentException
        or InvalidDatasetException or InvalidImageException or UnsupportedImageException or InvalidWeightsException
        or InvalidPreprocessingException or TrainingDivergedException or ComputeDeviceException or InvalidDataException or NotSupportedException or IOException or UnauthorizedAccessException;
}
