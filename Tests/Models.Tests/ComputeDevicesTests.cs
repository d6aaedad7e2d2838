namespace MLClassify.Models.Tests;

/// <summary>Devices in a program without libtorch's package, as this one is.</summary>
public class ComputeDevicesTests
{
    [Fact]
    public void Resolve_Auto_TakesTheManagedEngineAndSaysWhy()
    {
        (ComputeDevice device, string reason) = ComputeDevices.Resolve(ComputeDevice.Auto);
        Assert.Equal(ComputeDevice.Cpu, device);
        Assert.Equal("computing on the processor with the managed engine: this program does not have the package MLClassify.Torch", reason);
    }

    [Fact]
    public void List_WithoutThePackage_HasTheManagedEngineAndWhatTheOthersLack()
    {
        IReadOnlyList<ComputeDeviceStatus> devices = ComputeDevices.List();
        Assert.Equal([ComputeDevice.Cpu], devices.Where(d => d.Problem is null).Select(d => d.Device));
        Assert.Contains(devices, d => d.Device.IsCuda && d.Problem!.Contains("MLClassify.Torch", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("cuda:1")]
    [InlineData("torch-cpu")]
    public void CreateEngine_DeviceThatIsNotThere_IsNotReplaced(string device)
    {
        var compute = new ComputeOptions { Device = ComputeDevice.Parse(device) };
        Assert.Equal(
            $"The device {device} cannot be used: this program does not have the package MLClassify.Torch.", Assert.Throws<ComputeDeviceException>(() => ModelFactory.CreateEngine(compute)).Message);
    }

    [Theory]
    [InlineData("auto", "none was taken")]
    [InlineData("cpu", "cpu was asked for")]
    public void CreateEngine_PrecisionThatTheManagedEngineLacks_IsRefused(string device, string why)
    {
        var compute = new ComputeOptions { Device = ComputeDevice.Parse(device), Precision = ComputePrecision.BFloat16 };
        Assert.EndsWith(why + ".", Assert.Throws<ComputeDeviceException>(() => ModelFactory.CreateEngine(compute)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CreateEngine_ThreadsOutOfRange_NamesTheOption() =>
        Assert.StartsWith("Compute.Threads is -1", Assert.Throws<ArgumentException>(() => ModelFactory.CreateEngine(new ComputeOptions { Threads = -1 })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("cpu")]
    [InlineData("cuda")]
    public void DescribeInstallation_Kind_SaysPackageAndSize(string kind) =>
        Assert.Matches($"^libtorch-{kind}.* and TorchSharp, by your NuGet's own configuration, into .*libtorch.{kind}: about .* to fetch, .* on disk$", ComputeDevices.DescribeInstallation(kind));

    [Fact]
    public void DescribeInstallation_OtherKind_IsRefused() => Assert.Throws<ArgumentException>(() => ComputeDevices.DescribeInstallation("gpu"));
}
