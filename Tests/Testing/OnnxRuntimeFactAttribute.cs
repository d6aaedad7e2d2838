using Xunit;

namespace MLClassify.Testing;

/// <summary>A test against ONNX Runtime; skipped, with the reason, where it cannot be installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnnxRuntimeFactAttribute : FactAttribute
{
    private bool _needsData;

    /// <summary>Looks for ONNX Runtime, and installs it where it can.</summary>
    public OnnxRuntimeFactAttribute() => Skip = OnnxRuntimeInstallation.Problem;

    /// <summary>Whether the test also needs the measuring data.</summary>
    public bool NeedsData
    {
        get => _needsData;
        set
        {
            _needsData = value;
            Skip = (value ? SharedData.Problem : null) ?? OnnxRuntimeInstallation.Problem;
        }
    }
}
