using Xunit;

namespace MLClassify.Testing;

/// <summary>A test with a shell script in the place of a program; skipped, with the reason, on Windows.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnixFactAttribute : FactAttribute
{
    /// <summary>Looks at the system.</summary>
    public UnixFactAttribute() => Skip = OperatingSystem.IsWindows() ? "needs a shell" : null;
}
