using Xunit;

namespace MLClassify.Testing;

/// <summary>A test that needs the measuring data; skipped, with the reason, where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DataFactAttribute : FactAttribute
{
    /// <summary>Looks for the data.</summary>
    public DataFactAttribute() => Skip = SharedData.Problem;
}
