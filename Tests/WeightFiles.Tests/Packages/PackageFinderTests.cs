using MLClassify.WeightFiles.Packages;

namespace MLClassify.WeightFiles.Tests.Packages;

public sealed class PackageFinderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakePackage _fake = new("cifar_resnet20");

    private NuGetSettings Settings => _fake.Settings() with
    {
        ProgramFolder = _folder["program"],
        WorkingFolder = _folder["work/inner"],
        UserFolder = _folder["user"],
        Environment = _ => null,
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_Nowhere_IsNull() => Assert.Null(PackageFinder.Find(_fake.Package, null, Settings));

    [Fact]
    public void Find_BesideTheProgram_ComesFirst()
    {
        Touch(_folder["program/DnnImageModels"]);
        Install("user/.nuget/packages", "0.23.1");

        PackageFiles? found = PackageFinder.Find(_fake.Package, null, Settings);

        Assert.Equal((null, _folder["program/DnnImageModels/SmallOnnx/Small.onnx"]), (found?.Version, found?.Model));
        Assert.Equal(_folder["program/DnnImageModels/AnyPrepOnnx/AnyPreprocess.onnx"], found?.Preparation);
    }

    [Fact]
    public void Find_AVersion_IsNotTheProgramsOwn()
    {
        Touch(_folder["program/DnnImageModels"]);
        Install("user/.nuget/packages", "0.23.1");

        Assert.Equal("0.23.1", PackageFinder.Find(_fake.Package, "0.23.1", Settings)?.Version);
        Assert.Null(PackageFinder.Find(_fake.Package, "0.22.0", Settings));
    }

    [Fact]
    public void Find_SeveralVersions_IsTheNewestThatHasTheFiles()
    {
        Install("user/.nuget/packages", "0.9.0");
        Install("user/.nuget/packages", "0.23.1");
        Install("user/.nuget/packages", "0.23.1-preview.2");
        Directory.CreateDirectory(_folder["user/.nuget/packages/tests.featurizer.small/1.0.0/tools"]);

        Assert.Equal("0.23.1", PackageFinder.Find(_fake.Package, null, Settings)?.Version);
    }

    [Fact]
    public void Find_WithoutThePreparingModel_IsNull()
    {
        Install("user/.nuget/packages", "0.23.1");
        File.Delete(_folder["user/.nuget/packages/tests.featurizer.small/0.23.1/tools/DnnImageModels/AnyPrepOnnx/AnyPreprocess.onnx"]);

        Assert.Null(PackageFinder.Find(_fake.Package, null, Settings));
    }

    [Fact]
    public void Folders_EnvironmentVariable_IsTheOnlyOne() =>
        Assert.Equal([_folder["named"]], NuGetFolders.Find(Settings with { Environment = name => name == "NUGET_PACKAGES" ? _folder["named"] : null }));

    [Fact]
    public void Folders_Option_IsTheOnlyOne() =>
        Assert.Equal([_folder["given"]], NuGetFolders.Find(Settings with { PackageFolder = _folder["given"], Environment = _ => _folder["named"] }));

    [Fact]
    public void Folders_Configurations_AreReadUpwardAndOfTheUser()
    {
        Configure("work/nuget.config", "../shared");
        Configure("user/.nuget/NuGet/NuGet.Config", _folder["own"]);

        Assert.Equal([_folder["shared"], _folder["own"], Path.Combine(_folder["user"], ".nuget", "packages")], NuGetFolders.Find(Settings));
    }

    [Theory]
    [InlineData("no XML")]
    [InlineData("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><configuration><config><add key=\"globalPackagesFolder\" value=\"&e;\" /></config></configuration>")]
    [InlineData("<configuration />")]
    public void Folders_ConfigurationThatSaysNothing_IsPassedOver(string content)
    {
        Directory.CreateDirectory(_folder["work"]);
        File.WriteAllText(_folder["work/nuget.config"], content);

        Assert.Equal([Path.Combine(_folder["user"], ".nuget", "packages")], NuGetFolders.Find(Settings));
    }

    private void Configure(string file, string folder)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
        File.WriteAllText(_folder[file], $"""<configuration><config><add key="globalPackagesFolder" value="{folder}" /></config></configuration>""");
    }

    private void Install(string packages, string version) => Touch(_folder[$"{packages}/tests.featurizer.small/{version}/tools/DnnImageModels"]);

    private void Touch(string folder)
    {
        foreach (string file in (string[])[_fake.Package.ModelFile, _fake.Package.PreparationFile])
        {
            string path = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "");
        }
    }
}
