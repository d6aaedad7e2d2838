using System.CommandLine;
using MLClassify.Cli.Options;

namespace MLClassify.Cli.Commands;

/// <summary><c>devices</c>: what can compute here, and for what cannot, the command that changes it.</summary>
internal sealed class DevicesCommand
{
    private static readonly string[] Kinds = ["cpu", "cuda"];

    private readonly CliContext _context;
    private readonly Argument<string> _kind = OptionFactory.Argument("KIND", "The library for processors, or the one for NVIDIA's cards: cpu or cuda.");

    private DevicesCommand(CliContext context) => _context = context;

    public static Command Create(CliContext context)
    {
        var devices = new DevicesCommand(context);
        var command = new Command("devices", "What can compute on this machine, and what the rest lacks.");
        command.SetAction(_ => devices.List());
        var install = new Command("install", "Fetches libtorch through your own NuGet configuration, for --device cuda or torch-cpu.");
        install.Add(devices._kind);
        install.Validators.Add(result =>
        {
            if (result.GetResult(devices._kind) is { Tokens: [var token] } && !Kinds.Contains(token.Value, StringComparer.Ordinal))
            {
                result.AddError($"KIND: expected one of {string.Join(", ", Kinds)}, got '{token.Value}'{Suggestion.Perhaps(token.Value, Kinds)}");
            }
        });
        install.SetAction(devices.InstallAsync);
        command.Add(install);
        return command;
    }

    private int List()
    {
        foreach (ComputeDeviceStatus status in _context.Devices())
        {
            _context.Output.WriteLine(DisplayLine.Clean(Describe(status)));
        }

        _context.Output.WriteLine(DisplayLine.Clean($"auto: {ComputeDevices.Resolve(ComputeDevice.Auto).Reason}"));
        return ExitCode.Success;
    }

    private static string Describe(ComputeDeviceStatus status)
    {
        if (status.Problem is null)
        {
            return $"{status.Device}: usable, {status.Description}";
        }

        string remedy = status.Install is null ? "" : $"; 'mlclassify devices install {status.Install}' fetches a library";
        return $"{status.Device}: not usable, {status.Problem}{remedy}";
    }

    private async Task<int> InstallAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string kind = parsed.GetRequiredValue(_kind);
        _context.Output.WriteLine(DisplayLine.Clean($"fetching {ComputeDevices.DescribeInstallation(kind)}"));
        string folder = await _context.InstallLibrary(kind, cancellationToken).ConfigureAwait(false);
        _context.Output.WriteLine(DisplayLine.Clean($"installed in {folder}"));
        ComputeDeviceStatus installed = _context.Devices().First(d => kind == "cpu" ? d.Device.Name is "torch-cpu" : d.Device.IsCuda);
        _context.Output.WriteLine(DisplayLine.Clean(Describe(installed)));
        return installed.Problem is null ? ExitCode.Success : ExitCode.Failure;
    }
}
