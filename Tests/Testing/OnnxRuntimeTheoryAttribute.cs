using Xunit;

namespace MLClassify.Testing;

/// <summary>A theory against ONNX Runtime; skipped, with the reason, where it cannot be installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnnxRuntimeTheoryAttribute : TheoryAttribute
{
    /// <summary>Looks for ONNX Runtime, and installs it where it can.</summary>
    public OnnxRuntimeTheoryAttribute() => Skip = OnnxRuntimeInstallation.Problem;
}
