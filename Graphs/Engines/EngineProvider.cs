namespace MLClassify.Engines;

/// <summary>Makes engines for devices that the core knows nothing about; a package that has one is found by its type's name.</summary>
internal abstract class EngineProvider
{
    /// <summary>The devices that it can or could use, the preferred one first. Starts none of them.</summary>
    public abstract IReadOnlyList<DeviceReport> Devices();

    /// <summary>The graphics card that is taken where nobody chose; with a problem where there is none. Quick where there is no card.</summary>
    public abstract DeviceReport Preferred();

    /// <summary>Makes an engine for one device.</summary>
    /// <param name="settings">The device, which is not <see cref="ComputeDevice.Auto"/>, and how it computes.</param>
    /// <exception cref="ComputeDeviceException">The device cannot be used.</exception>
    public abstract Engine Create(EngineSettings settings);
}

/// <summary>How an engine computes.</summary>
/// <param name="Device">The device.</param>
/// <param name="Precision">The precision.</param>
/// <param name="Threads">Threads on a processor; all cores when 0.</param>
/// <param name="IsDeterministic">Whether only algorithms are used that give the same bits every time.</param>
internal sealed record EngineSettings(ComputeDevice Device, ComputePrecision Precision = ComputePrecision.Auto, int Threads = 0, bool IsDeterministic = false);

/// <summary>A device and whether it can be used.</summary>
/// <param name="Device">The device.</param>
/// <param name="Description">What it is, such as the library's folder or the card's name.</param>
/// <param name="Problem">Why it cannot be used; null where it can.</param>
/// <param name="Install">The kind of library, <c>cpu</c> or <c>cuda</c>, whose installation would help; null where none would.</param>
internal sealed record DeviceReport(ComputeDevice Device, string Description, string? Problem = null, string? Install = null);
