namespace MLClassify.Cli.Scaffolding;

/// <summary>What a written project has for a device: the packages, and the words in its code. Nothing for <c>auto</c>, which is the default.</summary>
/// <param name="device">The device that was asked for.</param>
internal sealed class DeviceParts(ComputeDevice device)
{
    /// <summary>The release of TorchSharp that <c>MLClassify.Torch</c> is made for.</summary>
    internal const string TorchSharpVersion = "0.107.0";

    private const string OnePlatform = "\n    <!-- One platform's libtorch, not all of them. -->\n    <UseCurrentRuntimeIdentifier>true</UseCurrentRuntimeIdentifier>";

    private bool NeedsTorch => device != ComputeDevice.Auto && device != ComputeDevice.Cpu;

    private string Argument => device switch
    {
        { IsCuda: true, Index: 0 } => "ComputeDevice.Cuda()",
        { IsCuda: true } => FormattableString.Invariant($"ComputeDevice.Cuda({device.Index})"),
        { Name: "mps" } => "ComputeDevice.Mps",
        { Name: "torch-cpu" } => "ComputeDevice.TorchCpu",
        _ => "ComputeDevice.Cpu",
    };

    /// <summary>The words that stand in the code for some devices.</summary>
    public static IEnumerable<string> Words { get; } = ["ComputeOptions", "ComputeDevice", "Device", "Cuda", "Mps", "TorchCpu", "Cpu"];

    /// <summary>A template with the device's parts in the places that are marked.</summary>
    /// <param name="text">The template.</param>
    public string Fill(string text) => text
        .Replace("DEVICE_PROPERTIES", NeedsTorch ? OnePlatform : "", StringComparison.Ordinal)
        .Replace("DEVICE_PACKAGES", string.Concat(References().Select(line => $"\n    {line}")), StringComparison.Ordinal)
        .Replace("DEVICE_DIRECTIVES", string.Concat(Directives().Select(line => $"\n{line}")), StringComparison.Ordinal)
        .Replace("DEVICE_ARGUMENT", device == ComputeDevice.Auto ? "" : $", new ComputeOptions {{ Device = {Argument} }}", StringComparison.Ordinal);

    private IEnumerable<string> References()
    {
        if (!NeedsTorch)
        {
            yield break;
        }

        yield return """<PackageReference Include="MLClassify.Torch" Version="VERSION" />""";
        if (device.IsCuda)
        {
            yield return $"""<PackageReference Include="TorchSharp-cuda-linux" Version="{TorchSharpVersion}" Condition="$([MSBuild]::IsOSPlatform('Linux'))" />""";
            yield return $"""<PackageReference Include="TorchSharp-cuda-windows" Version="{TorchSharpVersion}" Condition="$([MSBuild]::IsOSPlatform('Windows'))" />""";
        }
        else
        {
            yield return $"""<PackageReference Include="TorchSharp-cpu" Version="{TorchSharpVersion}" />""";
        }
    }

    // A program of one file has no conditions: these are the packages for the machine that it is written on.
    private IEnumerable<string> Directives()
    {
        if (!NeedsTorch)
        {
            yield break;
        }

        string native = !device.IsCuda ? "TorchSharp-cpu" : OperatingSystem.IsWindows() ? "TorchSharp-cuda-windows" : "TorchSharp-cuda-linux";
        yield return "#:package MLClassify.Torch@VERSION";
        yield return $"#:package {native}@{TorchSharpVersion}";
        yield return "#:property UseCurrentRuntimeIdentifier=true";
    }
}
