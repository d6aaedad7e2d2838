namespace MLClassify.Cli;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int Usage = 2;

    /// <summary>128 plus the number of SIGINT, as shells have it.</summary>
    public const int Canceled = 130;
}
