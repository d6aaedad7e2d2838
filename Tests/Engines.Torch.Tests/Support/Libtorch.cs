using System.Reflection;
using System.Runtime.CompilerServices;
using MLClassify.Engines.Torch.Loading;
using MLClassify.Testing.Engines;

namespace MLClassify.Engines.Torch.Tests;

/// <summary>The native library of these tests: the one that <c>MLCLASSIFY_LIBTORCH</c> names, else that of the package.</summary>
internal static class Libtorch
{
    /// <summary>Why it cannot be used here; null where it can.</summary>
    public static string? Problem { get; } = TorchLibrary.Load() is { } problem ? "libtorch: " + problem : null;

    /// <summary>Names the package's folder before anything looks for the library.</summary>
    [ModuleInitializer]
    public static void NameFolder()
    {
        string? folder = typeof(Libtorch).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == "LibtorchFolder")?.Value;
        if (folder is not null && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(TorchLibrary.Variable)) && Directory.Exists(folder))
        {
            Environment.SetEnvironmentVariable(TorchLibrary.Variable, folder);
        }
    }

    /// <summary>Registers the network that several tests train.</summary>
    [ModuleInitializer]
    public static void RegisterNetwork() => TinyNetwork.Register();

    /// <summary>An engine on the processor.</summary>
    public static TorchEngine Create(ComputePrecision precision = ComputePrecision.Float32, bool isDeterministic = false) =>
        (TorchEngine)new TorchEngineProvider().Create(new EngineSettings(ComputeDevice.TorchCpu, precision, Threads: 2, isDeterministic));
}

/// <summary>Tests that need the native library.</summary>
public sealed class LibtorchRequirementAttribute : EngineRequirementAttribute
{
    /// <inheritdoc/>
    public override string? Problem => Libtorch.Problem;
}
