using System.CommandLine;

namespace MLClassify.Cli.Options;

/// <summary>Options that mean the same to every command.</summary>
internal static class CommonOptions
{
    private const int MostThreads = 1_024;

    public static Option<bool> Verbose { get; } = new("--verbose") { Description = "Show where an error happened.", Recursive = true };

    public static Option<bool> Json { get; } = new("--json") { Description = "Write results as JSON lines; progress goes to the error stream." };

    public static Option<bool> Offline { get; } = new("--offline") { Description = "Fetch nothing: weights must be on this machine." };

    public static Option<int?> Threads { get; } = CreateThreads();

    public static Option<string?> Device { get; } = OptionFactory.Text(
        "--device", "auto|cpu|cuda|cuda:N|mps|torch-cpu", "What computes: cpu is the managed engine, the others are libtorch's; 'devices' lists them. Default auto: a graphics card where there is one and its library, else cpu.", text => ComputeDevice.Parse(text));

    public static Option<ComputePrecision?> Precision { get; } = OptionFactory.Choice<ComputePrecision>(
        "--precision", "The precision of products on libtorch's devices; weights stay float32. Default auto: bfloat16 on cards that have it, else float32.");

    public static Option<bool> Deterministic { get; } = new("--deterministic") { Description = "Have libtorch use only algorithms that give the same bits every time; cpu always does." };

    public static Option<bool> TensorBoard { get; } = new("--tensorboard") { Description = "Write the epochs into the run's folder for TensorBoard, too." };

    /// <summary>For commands that compute nothing: no card is woken for them.</summary>
    public static ComputeOptions OnTheProcessor { get; } = new() { Device = ComputeDevice.Cpu };

    /// <summary>The options that say what computes.</summary>
    public static IReadOnlyList<Option> ComputeSet { get; } = [Threads, Device, Precision, Deterministic];

    /// <summary>Adds the options that say what computes.</summary>
    public static void AddCompute(Command command)
    {
        foreach (Option option in ComputeSet)
        {
            command.Add(option);
        }
    }

    /// <summary>What computes, as the command line says, and otherwise as given.</summary>
    public static ComputeOptions Compute(ParseResult parsed, ComputeOptions start) => start with
    {
        Threads = parsed.GetValue(Threads) ?? start.Threads,
        Device = parsed.GetValue(Device) is { } device ? ComputeDevice.Parse(device) : start.Device,
        Precision = parsed.GetValue(Precision) ?? start.Precision,
        Deterministic = parsed.GetValue(Deterministic) || start.Deterministic,
    };

    /// <summary>What computes, as the command line says.</summary>
    public static ComputeOptions Compute(ParseResult parsed) => Compute(parsed, new ComputeOptions());

    /// <summary>Says what computes where that was a choice: where the user asked for auto, and where auto took a card.</summary>
    public static void TellDevice(CliContext context, ParseResult parsed, ComputeOptions compute)
    {
        if (compute.Device != ComputeDevice.Auto)
        {
            return;
        }

        (ComputeDevice device, string reason) = ComputeDevices.Resolve(compute.Device);
        if (device != ComputeDevice.Cpu || parsed.GetValue(Device) is not null)
        {
            context.ProgressWriter(parsed.GetValue(Json)).WriteLine(DisplayLine.Clean(reason));
        }
    }

    // Checked here, as not every command has a library that says so before the work.
    private static Option<int?> CreateThreads()
    {
        Option<int?> threads = OptionFactory.Integer("--threads", "Threads that compute; all cores when 0. Results do not depend on it.");
        threads.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<int?>() is { } number and (< 0 or > MostThreads))
            {
                result.AddError(FormattableString.Invariant($"{threads.Name} is {number}; it must be at least 0 and at most {MostThreads}"));
            }
        });
        return threads;
    }
}
