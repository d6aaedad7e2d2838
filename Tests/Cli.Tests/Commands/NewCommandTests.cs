using System.Text.RegularExpressions;
using System.Xml.Linq;
using MLClassify.Cli.Commands;
using MLClassify.Cli.Scaffolding;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Cli.Tests.Commands;

public sealed class NewCommandTests : IDisposable
{
    private readonly ColorImageFolder _images = new(perClass: 4);
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task New_Name_WritesTheProject()
    {
        string project = _folder["p"];

        ToolResult result = await Tool.Run(
            "new", "my colors", "--data", _images.Root, "--out", project, "--backbone", "squeezenet1_1", "--weights", "none", "--epochs", "3", "--split-every", "4");

        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Equal(
            [
                "MyColors.consumption.cs", "MyColors.csproj", "MyColors.md", "MyColors.mlclassify.json", "MyColors.training.cs", "Program.cs", "retrain.cs", "retrain.ps1", "retrain.sh",
            ],
            Directory.GetFiles(project).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        RetrainingProject read = RetrainingProject.Load(Path.Combine(project, "MyColors.mlclassify.json"));
        Assert.Equal(("MyColors", _images.Root, 4), (read.Name, read.DataFolder, read.ValidationEvery));
        Assert.Equal(("squeezenet1_1", "none", 3), (read.Options.Backbone, read.Options.Weights, read.Options.Epochs));
        Assert.Equal(Path.Combine(project, "MyColors.safetensors"), read.ModelPath);
        Assert.Contains($"\"folder\": \"../../{Path.GetFileName(_images.Root)}\"", File.ReadAllText(Path.Combine(project, "MyColors.mlclassify.json")), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.True(File.GetUnixFileMode(Path.Combine(project, "retrain.sh")).HasFlag(UnixFileMode.UserExecute));
        }
    }

    // .ci/packages builds such a project from the packages and runs it.
    [Fact]
    public async Task New_MLNet_WritesAPipelinesProject()
    {
        string project = _folder["p"];
        ToolResult result = await Tool.Run("new", "my colors", "--mlnet", "--data", _images.Root, "--out", project, "--backbone", "squeezenet1_1", "--weights", "none");

        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Contains("needs: the package MLClassify.MLNet ", result.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["MyColors.consumption.cs", "MyColors.csproj", "MyColors.md", "MyColors.mlclassify.json", "MyColors.training.cs", "Program.cs", "retrain.ps1", "retrain.sh"],
            Directory.GetFiles(project).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        Assert.All(Directory.GetFiles(project, "*.cs"), file => Assert.DoesNotContain("NAME", File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("auto", "", "", "")]
    [InlineData("cpu", "", ", new ComputeOptions { Device = ComputeDevice.Cpu }", "cpu")]
    [InlineData("cuda", "TorchSharp-cuda-linux Linux, TorchSharp-cuda-windows Windows", ", new ComputeOptions { Device = ComputeDevice.Cuda() }", "cuda:0")]
    [InlineData("cuda:2", "TorchSharp-cuda-linux Linux, TorchSharp-cuda-windows Windows", ", new ComputeOptions { Device = ComputeDevice.Cuda(2) }", "cuda:2")]
    [InlineData("mps", "TorchSharp-cpu", ", new ComputeOptions { Device = ComputeDevice.Mps }", "mps")]
    [InlineData("torch-cpu", "TorchSharp-cpu", ", new ComputeOptions { Device = ComputeDevice.TorchCpu }", "torch-cpu")]
    public async Task New_Device_ReferencesItsPackagesAndIsInTheCode(string device, string native, string argument, string recorded)
    {
        foreach (bool isMLNet in (bool[])[false, true])
        {
            string project = _folder[$"p{isMLNet}"];
            ToolResult result = await Tool.Run(
                ["new", "colors", "--data", _images.Root, "--out", project, "--backbone", "squeezenet1_1", "--weights", "none", "--device", device, .. isMLNet ? (string[])["--mlnet"] : []]);

            Assert.Equal((0, ""), (result.Code, result.Error));
            var file = XDocument.Load(Path.Combine(project, "Colors.csproj"));
            (string Id, string Version, string Condition)[] references =
                [.. file.Descendants("PackageReference").Select(e => ((string)e.Attribute("Include")!, (string)e.Attribute("Version")!, (string?)e.Attribute("Condition") ?? ""))];
            string own = references[0].Version;
            Assert.Equal(
                native,
                string.Join(", ", references.Where(r => r.Id.StartsWith("TorchSharp", StringComparison.Ordinal)).Select(r => (r.Id + " " + Regex.Match(r.Condition, "'(\\w+)'").Groups[1].Value).Trim())));
            Assert.Equal(native.Length > 0, references.Contains(("MLClassify.Torch", own, "")));
            Assert.Equal(native.Length > 0, file.Descendants("UseCurrentRuntimeIdentifier").Any());
            Assert.Equal(recorded.Length > 0 ? recorded : "auto", RetrainingProject.Load(Path.Combine(project, "Colors.mlclassify.json")).Options.Compute.Device.ToString());
            Assert.All(Directory.GetFiles(project), written => Assert.DoesNotContain("DEVICE_", File.ReadAllText(written), StringComparison.Ordinal));
            if (!isMLNet)
            {
                Assert.Contains($"\"Colors.safetensors\"){argument}));", File.ReadAllText(Path.Combine(project, "Colors.consumption.cs")), StringComparison.Ordinal);
                Assert.Equal(native.Length > 0, File.ReadAllText(Path.Combine(project, "retrain.cs")).Contains($"#:package MLClassify.Torch@{own}\n#:package TorchSharp-c", StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public void TorchSharpVersion_OfAProject_IsTheOneThatIsInstalled() => Assert.Equal(Models.TorchPackages.TorchSharpVersion, DeviceParts.TorchSharpVersion);

    [Fact]
    public async Task New_NoBackbone_TakesTheEmbeddedOneWhereNothingCanBeFetched()
    {
        string project = _folder["p"];

        ToolResult result = await Tool.Run("new", "colors", "--data", _images.Root, "--out", project);

        Assert.Equal(0, result.Code);
        Assert.StartsWith("no --backbone: embedded ", result.Output, StringComparison.Ordinal);
        RetrainingProject read = RetrainingProject.Load(Path.Combine(project, "Colors.mlclassify.json"));
        Assert.Equal((EmbeddedBackbone.Current.Network, "embedded"), (read.Options.Backbone, read.Options.Weights));
    }

    [Fact]
    public async Task New_Name_SaysWhereThePackagesComeFromAndLeavesNoHalfFiles()
    {
        ToolResult result = await Tool.Run("new", "colors", "--data", _images.Root, "--out", _folder["p"], "--weights", "embedded", "--backbone", EmbeddedBackbone.Current.Network);

        Assert.Contains("needs: the package MLClassify ", result.Output, StringComparison.Ordinal);
        Assert.Contains("dotnet pack -c Release", result.Output, StringComparison.Ordinal);
        Assert.Contains("dotnet nuget add source CLONE/artifacts/packages", result.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder["p"], "*.tmp"));
    }

    [Theory]
    [InlineData("pets", "pets", "Pets")]
    [InlineData("my pets-2", "my pets-2", "MyPets2")]
    [InlineData("../pets", "Pets", "Pets")]
    [InlineData(".pets", "Pets", "Pets")]
    public void FolderFor_Name_IsAsItIsWrittenWhereAFolderCanBe(string typed, string folder, string name) =>
        Assert.Equal(folder, NewCommand.FolderFor(typed, name));

    [Fact]
    public async Task New_FilesAreThere_WritesNothing()
    {
        File.WriteAllText(_folder["Program.cs"], "mine");

        ToolResult result = await Tool.Run("new", "colors", "--data", _images.Root, "--out", _folder.Root);

        Assert.Equal(1, result.Code);
        Assert.Equal($"error: {_folder.Root} has Program.cs already; nothing was written\n", result.Error);
        Assert.Equal(["Program.cs"], Directory.GetFiles(_folder.Root).Select(f => Path.GetFileName(f)));
    }

    [Theory]
    [InlineData(2, "new", "---", "--data", "DATA")]
    [InlineData(2, "new", "Path", "--data", "DATA")]
    [InlineData(2, "new", "colors")]
    [InlineData(2, "new", "colors", "--data", "DATA", "--epochs", "0")]
    [InlineData(2, "new", "colors", "--data", "DATA", "--backbone", "resnet51")]
    [InlineData(1, "new", "colors", "--data", "DATA/nowhere")]
    public async Task New_NotValid_WritesNothing(int code, params string[] args)
    {
        ToolResult result = await Tool.Run([.. args.Select(a => a.Replace("DATA", _images.Root, StringComparison.Ordinal)), "--out", _folder["p"]]);

        Assert.Equal(code, result.Code);
        Assert.Single(result.ErrorLines);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Root));
    }
}
