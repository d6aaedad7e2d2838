using MLClassify.Cli.Commands;

namespace MLClassify.Cli.Tests.Commands;

/// <summary>The tool's words for devices that are made up here; what finds the real ones is tested where it is.</summary>
public class DevicesCommandTests
{
    private static readonly ComputeDeviceStatus Managed = new(ComputeDevice.Cpu, "the managed engine");

    [Fact]
    public async Task Devices_OfThisMachine_BeginWithTheManagedEngineAndEndWithWhatAutoTakes()
    {
        ToolResult result = await Tool.Run("devices");

        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Equal("cpu: usable, the managed engine", result.OutputLines[0]);
        Assert.Contains(result.OutputLines, line => line.StartsWith("torch-cpu: ", StringComparison.Ordinal));
        Assert.StartsWith("auto: computing on ", result.OutputLines[^1]);
    }

    [Theory]
    [InlineData("there is no libtorch beside the program and none is installed", "cuda", "; 'mlclassify devices install cuda' fetches a library")]
    [InlineData("the libtorch in /x is the one for processors", "cuda", "; 'mlclassify devices install cuda' fetches a library")]
    [InlineData("this system's libstdc++ is too old, libtorch 2.10 wants GLIBCXX_3.4.32", null, "")]
    [InlineData("no NVIDIA driver is installed", null, "")]
    public async Task Devices_OneThatLacksSomething_HasALineWithTheCauseAndTheCommandThatHelps(string problem, string? install, string advice)
    {
        (int code, string output, string error) = await RunAsync([Managed, new(ComputeDevice.Cuda(), "libtorch", problem, install)], "devices");

        Assert.Equal((0, ""), (code, error));
        Assert.Equal($"cuda:0: not usable, {problem}{advice}", output.Split('\n')[1]);
    }

    [Fact]
    public async Task Install_Library_SaysHowLargeItIsBeforeAndWhetherItLoadsAfter()
    {
        string before = "";
        using var output = new StringWriter();
        var context = new CliContext(output, TextWriter.Null)
        {
            Devices = () => [Managed, new(ComputeDevice.TorchCpu, "libtorch 2.10 in /home/libtorch/cpu")],
            InstallLibrary = (kind, _) =>
            {
                before = output.ToString();
                return Task.FromResult($"/home/libtorch/{kind}");
            },
        };

        int code = await CommandLine.RunAsync(["devices", "install", "cpu"], context);

        Assert.Equal(0, code);
        Assert.Matches("^fetching libtorch-cpu.* to fetch, .* on disk\n$", before);
        Assert.Equal(["installed in /home/libtorch/cpu", "torch-cpu: usable, libtorch 2.10 in /home/libtorch/cpu", ""], output.ToString().Split('\n')[1..]);
    }

    [Fact]
    public async Task Install_LibraryThatDoesNotLoad_FailsWithTheCause()
    {
        (int code, string output, _) = await RunAsync(
            [Managed, new(ComputeDevice.TorchCpu, "libtorch", "this system's glibc is too old, libtorch 2.10 wants GLIBC_2.38")], "devices", "install", "cpu");

        Assert.Equal(1, code);
        Assert.Equal("torch-cpu: not usable, this system's glibc is too old, libtorch 2.10 wants GLIBC_2.38", output.TrimEnd('\n').Split('\n')[^1]);
    }

    [Theory]
    [InlineData("there is no 'dotnet' on the PATH: restoring a package needs the .NET SDK")]
    [InlineData("'dotnet build' failed: error NU1301: Unable to load the service index")]
    public async Task Install_NothingCanBeFetched_IsOneLine(string cause)
    {
        using var error = new StringWriter();
        var context = new CliContext(TextWriter.Null, error) { InstallLibrary = (_, _) => throw new IOException(cause) };

        Assert.Equal(1, await CommandLine.RunAsync(["devices", "install", "cpu"], context));
        Assert.Equal($"error: {cause}\n", error.ToString());
    }

    [Fact]
    public async Task Install_OtherKind_IsRefusedWithTheKnownOnes()
    {
        ToolResult result = await Tool.Run("devices", "install", "cpus");

        Assert.Equal(2, result.Code);
        Assert.StartsWith("error: KIND: expected one of cpu, cuda, got 'cpus'", Assert.Single(result.ErrorLines));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(IReadOnlyList<ComputeDeviceStatus> devices, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var context = new CliContext(output, error) { Devices = () => devices, InstallLibrary = (kind, _) => Task.FromResult($"/home/libtorch/{kind}") };
        int code = await CommandLine.RunAsync(args, context);
        return (code, output.ToString(), error.ToString());
    }
}
