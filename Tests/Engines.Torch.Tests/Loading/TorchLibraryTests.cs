using MLClassify.Engines.Torch.Loading;

namespace MLClassify.Engines.Torch.Tests.Loading;

/// <summary>What is missing has one line that names it. These need no library.</summary>
public class TorchLibraryTests
{
    [Theory]
    [InlineData(
        "/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /x/libtorch_cpu.so)",
        "this system's libstdc++ is too old, libtorch 2.10 wants GLIBCXX_3.4.32 (Debian 13 and Ubuntu 24.04 have it, Debian 12 does not)")]
    [InlineData(
        "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by /x/libc10.so)",
        "this system's glibc is too old, libtorch 2.10 wants GLIBC_2.38 (Debian 13 and Ubuntu 24.04 have it, Debian 12 does not)")]
    [InlineData("/x/libLibTorchSharp.so: undefined symbol: _ZN2at4_ops", "the libtorch in /x is another release than 2.10, which this engine is made for")]
    [InlineData("libcudnn.so.9: cannot open shared object file: No such file or directory", "libtorch_cpu.so needs libcudnn.so.9, which is not on this system")]
    [InlineData("file too short\nmore", "/x/libtorch_cpu.so cannot be loaded: file too short")]
    public void Explain_LoadersMessage_NamesTheCause(string message, string expected) =>
        Assert.Equal(expected, TorchLibrary.Explain("/x/libtorch_cpu.so", message));
}
