namespace MLClassify.Engines.Cpu.Tests.Support;

/// <summary>Reads the names of theory rows.</summary>
internal static class Sides
{
    /// <summary>Two numbers from a name such as <c>9x7</c>.</summary>
    public static (int First, int Second) Of(string name)
    {
        string[] sides = name.Split('x');
        return (int.Parse(sides[0]), int.Parse(sides[1]));
    }
}
