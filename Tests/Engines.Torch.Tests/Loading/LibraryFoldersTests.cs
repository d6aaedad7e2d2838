using MLClassify.Engines.Torch.Loading;

namespace MLClassify.Engines.Torch.Tests.Loading;

public sealed class LibraryFoldersTests : IDisposable
{
    private static readonly string[] Names = OperatingSystem.IsWindows()
        ? ["torch_cpu.dll", "torch_cuda.dll", "LibTorchSharp.dll"]
        : OperatingSystem.IsMacOS() ? ["libtorch_cpu.dylib", "libtorch_cuda.dylib", "libLibTorchSharp.dylib"] : ["libtorch_cpu.so", "libtorch_cuda.so", "libLibTorchSharp.so"];

    private readonly TemporaryFolder _folder = new();

    public LibraryFoldersTests()
    {
        foreach (string name in (string[])["program", "installed", "named"])
        {
            Directory.CreateDirectory(_folder[name]);
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_Nothing_SaysThatNoneIsThere() =>
        Assert.Equal("there is no libtorch beside the program and none is installed", Find(null).Problem);

    [Fact]
    public void Find_CardsAndProcessorsInstalled_TakesTheCards()
    {
        Write("installed/cpu", Names[0], Names[2]);
        Assert.Equal(_folder["installed/cpu"], Find(null).Folder);
        Assert.False(Find(null).HasCuda);
        Write("installed/cuda", Names);
        LibraryFiles found = Find(null);
        Assert.Null(found.Problem);
        Assert.Equal(_folder["installed/cuda"], found.Folder);
        Assert.True(found.HasCuda);
        Assert.Equal(Path.Combine(_folder["installed/cuda"], Names[2]), found.Files[^1]);
    }

    [Fact]
    public void Find_NamedFolderOfPyTorch_TakesTheBindingFromElsewhere()
    {
        Write("named", Names[0]);
        Assert.Contains("there is no " + Names[2], Find(_folder["named"]).Problem);
        Write("program", Names[2]);
        LibraryFiles found = Find(_folder["named"]);
        Assert.Equal(_folder["named"], found.Folder);
        Assert.Equal(Path.Combine(_folder["program"], Names[2]), found.Files[^1]);
        Assert.Equal(found.Files[^1], found.Named("LibTorchSharp"));
        Assert.Null(found.Named("sqlite3"));
    }

    [Fact]
    public void Find_NamedFolderWithoutLibrary_IsNotPassedOver()
    {
        Write("program", Names);
        Assert.Equal($"the folder '{_folder["named"]}' that MLCLASSIFY_LIBTORCH names holds no {Names[0]}", Find(_folder["named"]).Problem);
    }

    private LibraryFiles Find(string? named) => LibraryFolders.Find(named, _folder["program"], _folder["installed"]);

    private void Write(string folder, params string[] names)
    {
        Directory.CreateDirectory(_folder[folder]);
        foreach (string name in names)
        {
            File.WriteAllBytes(Path.Combine(_folder[folder], name), []);
        }
    }
}
