using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Cli.Tests;

/// <summary>Runs the tool in this process. No test reaches the network, or the user's own weights, unless it says otherwise.</summary>
internal static class Tool
{
    private static readonly WeightsCacheOptions NoWeights = new()
    {
        Folder = Path.Combine(AppContext.BaseDirectory, "no-weights"),
        IsOffline = true,
        PackageFolder = Path.Combine(AppContext.BaseDirectory, "no-packages"),
    };

    public static Task<ToolResult> Run(params string[] args) => Run(CancellationToken.None, args);

    public static Task<ToolResult> Run(CancellationToken cancellationToken, params string[] args) => Run(NoWeights, args, cancellationToken);

    public static Task<ToolResult> Run(WeightsCacheOptions weights, params string[] args) => Run(weights, args, CancellationToken.None);

    private static async Task<ToolResult> Run(WeightsCacheOptions weights, string[] args, CancellationToken cancellationToken)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await CommandLine.RunAsync(args, new CliContext(output, error) { Weights = () => weights }, cancellationToken);
        return new ToolResult(code, output.ToString(), error.ToString());
    }
}

internal sealed record ToolResult(int Code, string Output, string Error)
{
    public string[] OutputLines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
