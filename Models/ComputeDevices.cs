using System.Diagnostics.CodeAnalysis;
using MLClassify.Common;
using MLClassify.Engines;
using MLClassify.Models;
using MLClassify.WeightFiles.Packages;

namespace MLClassify;

/// <summary>The devices of this machine: which can be used, and what the others lack.</summary>
public static class ComputeDevices
{
    /// <summary>The package that has libtorch's engine.</summary>
    internal const string Package = "MLClassify.Torch";

    private const string NoPackage = $"this program does not have the package {Package}";

    private static readonly Lazy<EngineProvider?> Found = new(FindProvider);

    /// <summary>libtorch's engine, where the program has its package; null elsewhere.</summary>
    internal static EngineProvider? Provider => Found.Value;

    /// <summary>Lists the devices, the managed engine first. Loads libtorch where it is there.</summary>
    public static IReadOnlyList<ComputeDeviceStatus> List()
    {
        var managed = new ComputeDeviceStatus(ComputeDevice.Cpu, "the managed engine");
        return Provider is { } provider
            ? [managed, .. provider.Devices().Select(r => new ComputeDeviceStatus(r.Device, r.Description, r.Problem, r.Install))]
            : [managed, new ComputeDeviceStatus(ComputeDevice.Cuda(), "libtorch", NoPackage), new ComputeDeviceStatus(ComputeDevice.TorchCpu, "libtorch", NoPackage)];
    }

    /// <summary>What a device means on this machine, in one sentence: what <see cref="ComputeDevice.Auto"/> takes and why not the other.</summary>
    /// <param name="device">The device.</param>
    /// <returns>The device that computes, and the sentence.</returns>
    public static (ComputeDevice Device, string Reason) Resolve(ComputeDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (device != ComputeDevice.Auto)
        {
            return (device, $"computing on {device}, as asked for");
        }

        if (Provider is not { } provider)
        {
            return (ComputeDevice.Cpu, $"computing on the processor with the managed engine: {NoPackage}");
        }

        DeviceReport best = provider.Preferred();
        return best.Problem is null
            ? (best.Device, $"computing on {best.Device} ({best.Description}); the managed engine is for processors")
            : (ComputeDevice.Cpu, $"computing on the processor with the managed engine: {best.Problem}");
    }

    /// <summary>What <see cref="InstallAsync"/> would fetch, in one sentence with its size.</summary>
    /// <param name="kind"><c>cpu</c> or <c>cuda</c>.</param>
    /// <exception cref="ArgumentException">There is no such kind.</exception>
    /// <exception cref="ComputeDeviceException">There is none for this machine.</exception>
    public static string DescribeInstallation(string kind)
    {
        var packages = TorchPackages.For(kind);
        return $"{packages.Id} and TorchSharp, by your NuGet's own configuration, into {packages.FolderIn(UserFolder.Find())}: {packages.Size}";
    }

    /// <summary>
    /// Has the .NET SDK fetch libtorch by the user's own NuGet configuration, and keeps it in the folder that <c>MLCLASSIFY_HOME</c> names, for
    /// programs that do not reference its packages.
    /// </summary>
    /// <param name="kind"><c>cpu</c> or <c>cuda</c>.</param>
    /// <param name="cancellationToken">Ends the work; nothing is left behind.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="ArgumentException">There is no such kind.</exception>
    /// <exception cref="ComputeDeviceException">There is none for this machine.</exception>
    /// <exception cref="IOException">There is no SDK, or NuGet cannot get the packages.</exception>
    public static Task<string> InstallAsync(string kind, CancellationToken cancellationToken = default) =>
        TorchPackages.For(kind).InstallAsync(new NuGetSettings { RestoreLimit = TimeSpan.FromHours(2) }, cancellationToken);

    /// <summary>Makes the engine that options ask for.</summary>
    /// <exception cref="ComputeDeviceException">The device cannot be used, or does not have the precision. Nothing else is taken instead.</exception>
    internal static Engine CreateEngine(ComputeOptions compute, Func<int, Engine> managed)
    {
        compute.Validate();
        ComputeDevice device = Resolve(compute.Device).Device;
        if (device != ComputeDevice.Cpu)
        {
            EngineProvider provider = Provider ?? throw new ComputeDeviceException($"The device {device} cannot be used: {NoPackage}.");
            return provider.Create(compute.ToSettings(device));
        }

        return compute.Precision is ComputePrecision.Auto or ComputePrecision.Float32
            ? managed(compute.Threads)
            : throw new ComputeDeviceException($"The managed engine computes in float32; {compute.Precision} needs one of libtorch's devices, and {(compute.Device == device ? "cpu was asked for" : "none was taken")}.");
    }

    // A package reference is enough: nobody has to call anything before. Trimming follows the name, and keeps nothing where there is no package.
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The name is constant")]
    private static EngineProvider? FindProvider() =>
        Type.GetType("MLClassify.Engines.Torch.TorchEngineProvider, MLClassify.Engines.Torch", throwOnError: false) is { } type
            ? (EngineProvider)Activator.CreateInstance(type)!
            : null;
}

/// <summary>A device and whether it can be used.</summary>
/// <param name="Device">The device.</param>
/// <param name="Description">What it is.</param>
/// <param name="Problem">Why it cannot be used; null where it can.</param>
/// <param name="Install">The kind of library, <c>cpu</c> or <c>cuda</c>, that would have to be installed; null where that would not help.</param>
public sealed record ComputeDeviceStatus(ComputeDevice Device, string Description, string? Problem = null, string? Install = null);
