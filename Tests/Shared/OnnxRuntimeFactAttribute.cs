namespace MLClassify.Tests.Shared;

/// <summary>A test against ONNX Runtime; skipped, with the reason, where it cannot be installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OnnxRuntimeFactAttribute : FactAttribute
{
    public OnnxRuntimeFactAttribute() => Skip = OnnxRuntimeInstallation.Problem;

    /// <summary>Whether the test also needs the measuring data.</summary>
    public bool NeedsData
    {
        get => false;
        set
        {
            if (value && SharedData.Folder is null)
            {
                Skip = "needs ../shared/data or $MLCLASSIFY_DATA";
            }
        }
    }
}

/// <summary>A theory against ONNX Runtime; skipped, with the reason, where it cannot be installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OnnxRuntimeTheoryAttribute : TheoryAttribute
{
    public OnnxRuntimeTheoryAttribute() => Skip = OnnxRuntimeInstallation.Problem;
}
