using MLClassify.Engines.Torch.Loading;
using TorchSharp;

namespace MLClassify.Engines.Torch;

/// <summary>libtorch's devices. The core finds this type by its name where the package is referenced.</summary>
internal sealed class TorchEngineProvider : EngineProvider
{
    /// <inheritdoc/>
    public override IReadOnlyList<DeviceReport> Devices()
    {
        (string description, string? problem) = TorchLibrary.Load() is { } missing ? ("libtorch", missing) : ($"libtorch {TorchLibrary.Version} in {TorchLibrary.Folder}", (string?)null);
        var reports = new List<DeviceReport>();
        if (OperatingSystem.IsMacOS())
        {
            string? mps = problem ?? (torch.mps_is_available() ? null : "libtorch finds no graphics processor of Apple's");
            reports.Add(new DeviceReport(ComputeDevice.Mps, description, mps, Missing("cpu")));
        }
        else
        {
            reports.AddRange(Cards(description, problem));
        }

        reports.Add(new DeviceReport(ComputeDevice.TorchCpu, description, problem, Missing("cpu")));
        return reports;
    }

    /// <inheritdoc/>
    public override DeviceReport Preferred() => OperatingSystem.IsMacOS()
        ? new DeviceReport(ComputeDevice.Mps, "libtorch", "mps is taken only where it is asked for")
        : CudaDriver.Problem() is { } driver ? new DeviceReport(ComputeDevice.Cuda(), "libtorch", driver)
        : LibraryFolders.Find() is { Problem: { } missing } ? new DeviceReport(ComputeDevice.Cuda(), "libtorch", missing, "cuda")
        : Cards("libtorch", TorchLibrary.Load()).First();

    /// <inheritdoc/>
    public override Engine Create(EngineSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        IReadOnlyList<DeviceReport> reports = Devices();
        if (settings.Device == ComputeDevice.CudaAll)
        {
            DeviceReport[] cards = [.. reports.Where(r => r.Device.IsCuda)];
            return cards is [{ Problem: null }, ..]
                ? new TorchEngine([.. cards.Select(card => settings with { Device = card.Device })])
                : throw new ComputeDeviceException($"The device {settings.Device} cannot be used: {cards.FirstOrDefault()?.Problem ?? "there is no card"}.");
        }

        DeviceReport? report = reports.FirstOrDefault(r => r.Device == settings.Device);
        if (report is null)
        {
            IEnumerable<string> known = reports.Where(r => r.Problem is null).Select(r => r.Device.ToString());
            throw new ComputeDeviceException($"There is no device {settings.Device} here; usable by libtorch: {string.Join(", ", known.DefaultIfEmpty("none"))}.");
        }

        return report.Problem is null
            ? new TorchEngine([settings])
            : throw new ComputeDeviceException($"The device {settings.Device} cannot be used: {report.Problem}.");
    }

    // Fetching a library helps where there is none, not where there is one that does not load.
    private static string? Missing(string kind) => TorchLibrary.IsMissing ? kind : null;

    private static IEnumerable<DeviceReport> Cards(string description, string? problem)
    {
        string? driver = CudaDriver.Problem();
        if (problem is not null || driver is not null || !TorchLibrary.HasCuda)
        {
            string reason = driver ?? problem ?? $"the libtorch in {TorchLibrary.Folder} is the one for processors";
            return [new DeviceReport(ComputeDevice.Cuda(), description, reason, driver is not null ? null : problem is null ? "cuda" : Missing("cuda"))];
        }

        int cards = TorchLibrary.Cards();
        return cards == 0
            ? [new DeviceReport(ComputeDevice.Cuda(), description, $"libtorch {TorchLibrary.Version} finds no card that it can use")]
            : Enumerable.Range(0, cards).Select(i => new DeviceReport(ComputeDevice.Cuda(i), $"{CudaDriver.NameOf(i)}, {description}"));
    }
}
