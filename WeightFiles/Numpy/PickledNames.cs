namespace MLClassify.WeightFiles.Numpy;

/// <summary>What is said of a global name that no weights need.</summary>
internal static class PickledNames
{
    /// <summary>The exception for such a name.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">Module and name, with a dot between.</param>
    /// <param name="offset">The name's place in the pickle.</param>
    public static InvalidWeightsException Unknown(string file, string name, long offset) => new(
        file,
        "the pickle names something that weights do not need; nothing of it was run",
        offset: offset,
        expected: "tensors and plain data",
        found: $"'{name}'");
}
