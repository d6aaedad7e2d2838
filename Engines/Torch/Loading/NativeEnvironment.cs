using System.Runtime.InteropServices;

namespace MLClassify.Engines.Torch.Loading;

/// <summary>Environment variables that native code reads: .NET keeps a copy of its own everywhere but on Windows.</summary>
internal static partial class NativeEnvironment
{
    /// <summary>Sets a variable that is not set.</summary>
    public static void SetDefault(string name, string value)
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)))
        {
            return;
        }

        Environment.SetEnvironmentVariable(name, value);
        if (!OperatingSystem.IsWindows())
        {
            _ = SetEnvironment(name, value, 1);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
