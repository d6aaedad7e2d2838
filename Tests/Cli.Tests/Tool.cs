namespace MLClassify.Cli.Tests;

/// <summary>Runs the tool in this process.</summary>
internal static class Tool
{
    public static Task<ToolResult> Run(params string[] args) => Run(CancellationToken.None, args);

    public static async Task<ToolResult> Run(CancellationToken cancellationToken, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await CommandLine.RunAsync(args, output, error, cancellationToken);
        return new ToolResult(code, output.ToString(), error.ToString());
    }
}

internal sealed record ToolResult(int Code, string Output, string Error)
{
    public string[] OutputLines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
