using Microsoft.Extensions.Logging;

namespace MLClassify.Common;

/// <summary>The log messages of downloads.</summary>
internal static partial class DownloadLog
{
    [LoggerMessage(1, LogLevel.Information, "Downloading {File} from {Address}.")]
    public static partial void Started(ILogger logger, string file, string address);

    [LoggerMessage(2, LogLevel.Information, "Downloaded {File} ({Bytes} bytes) in {Seconds:0.0} s.")]
    public static partial void Completed(ILogger logger, string file, long bytes, double seconds);

    [LoggerMessage(3, LogLevel.Debug, "{File} is already here.")]
    public static partial void Found(ILogger logger, string file);

    [LoggerMessage(4, LogLevel.Warning, "The download of {File} was interrupted after {Bytes} bytes ({Reason}); it continues in {Seconds:0.0} s.")]
    public static partial void Interrupted(ILogger logger, string file, long bytes, string reason, double seconds);

    [LoggerMessage(5, LogLevel.Error, "{File} could not be downloaded: {Reason}.")]
    public static partial void Failed(ILogger logger, string file, string reason);
}
