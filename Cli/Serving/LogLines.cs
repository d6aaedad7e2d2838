using Microsoft.Extensions.Logging;

namespace MLClassify.Cli.Serving;

/// <summary>What a server has to say, as the tool's lines: of the classifiers all but details, of all else warnings.</summary>
/// <param name="context">Where to write.</param>
internal sealed class LogLines(CliContext context) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Logger(context, categoryName.StartsWith("MLClassify", StringComparison.Ordinal) ? LogLevel.Information : LogLevel.Warning);

    public void Dispose()
    {
    }

    private sealed class Logger(CliContext context, LogLevel least) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            string line = formatter(state, exception);
            lock (context)
            {
                if (logLevel >= LogLevel.Error)
                {
                    context.Error.WriteLine($"error: {DisplayLine.Clean(exception is null ? line : $"{line} {exception.Message}")}");
                }
                else if (logLevel == LogLevel.Warning)
                {
                    context.Warn(line);
                }
                else
                {
                    context.Output.WriteLine(DisplayLine.Clean(line));
                }
            }
        }
    }
}
