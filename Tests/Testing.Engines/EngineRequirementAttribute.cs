namespace MLClassify.Testing.Engines;

/// <summary>On a class of tests: what they need that a machine may lack. Without it they are skipped, with the reason.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class EngineRequirementAttribute : Attribute
{
    /// <summary>Why the tests cannot run here; null where they can.</summary>
    public abstract string? Problem { get; }
}
