namespace MLClassify.Common.Tests;

/// <summary>A test that needs a program of the system; skipped, with the reason, where there is none.</summary>
public sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(string tool)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!folders.Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, tool))))
        {
            Skip = $"there is no program '{tool}'";
        }
    }
}
