using Xunit;

namespace MLClassify.Testing;

/// <summary>A test in a real browser; skipped, with the reason, where Chromium is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ChromiumFactAttribute : FactAttribute
{
    /// <summary>Looks for Chromium.</summary>
    public ChromiumFactAttribute() => Skip = Chromium.Problem;
}
