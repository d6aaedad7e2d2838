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

    /// <summary>
    /// Loads a library with all its symbols on Linux, where .NET looks for functions only when they are called, and the process ends where there
    /// is none: a library of another release is found out now.
    /// </summary>
    /// <param name="file">The library.</param>
    /// <returns>The loader's message; null where it is loaded.</returns>
    public static string? Bind(string file)
    {
        const int now = 2;
        return OperatingSystem.IsLinux() && Open(file, now) == 0 ? Marshal.PtrToStringUTF8(Error()) ?? "no reason is given" : null;
    }

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string file, int flags);

    [LibraryImport("libc", EntryPoint = "dlerror")]
    private static partial nint Error();

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
