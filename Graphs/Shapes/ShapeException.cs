namespace MLClassify.Graphs;

/// <summary>An operator was given shapes that it cannot take. The message names operator, node, expectation and finding.</summary>
public sealed class ShapeException : ArgumentException
{
    /// <summary>Describes the mismatch.</summary>
    /// <param name="operatorName">The operator.</param>
    /// <param name="node">The node's name in the graph.</param>
    /// <param name="expected">What the operator takes.</param>
    /// <param name="found">What it was given.</param>
    public ShapeException(string operatorName, string node, string expected, string found)
        : base($"{operatorName} '{node}': expected {expected}, got {found}.")
    {
    }
}
