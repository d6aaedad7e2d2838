using Xunit;

namespace MLClassify.Testing;

/// <summary>A test that needs a program of the system; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolFactAttribute : FactAttribute
{
    /// <summary>Looks for the program on the PATH.</summary>
    /// <param name="tool">The program's name.</param>
    public ToolFactAttribute(string tool)
    {
        Tool = tool;
        if (Programs.Find(tool) is null)
        {
            Skip = $"there is no program '{tool}'";
        }
    }

    /// <summary>The program's name.</summary>
    public string Tool { get; }
}
