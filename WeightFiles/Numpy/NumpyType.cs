namespace MLClassify.WeightFiles.Numpy;

/// <summary>NumPy's description of an array's values.</summary>
/// <param name="Text">The description, such as <c>&lt;f4</c>.</param>
/// <param name="Element">The values' type, or null where nothing here can read them.</param>
/// <param name="IsBigEndian">Whether the most significant byte comes first.</param>
internal sealed record NumpyType(string Text, ElementType? Element, bool IsBigEndian)
{
    public const string Supported = "f2, f4, f8, b1, i1 to i8 or u1 to u8";

    /// <summary>Whether the values are Python objects, in a pickle.</summary>
    public bool IsObject => Text.TrimStart('|', '<', '>', '=') is "O" or "O8" or "O4";

    /// <summary>Whether the values are strings, which no weights are.</summary>
    public bool IsText => Text.TrimStart('|', '<', '>', '=') is ['S' or 'U' or 'a', ..];

    /// <summary>Reads a description: byte order, kind, size.</summary>
    /// <param name="text">The description.</param>
    public static NumpyType Parse(string text)
    {
        bool hasOrder = text is ['<' or '>' or '|' or '=', ..];
        ElementType? element = (hasOrder ? text[1..] : text) switch
        {
            "b1" or "?" => ElementType.Bool,
            "i1" => ElementType.I8,
            "u1" => ElementType.U8,
            "i2" => ElementType.I16,
            "u2" => ElementType.U16,
            "i4" => ElementType.I32,
            "u4" => ElementType.U32,
            "i8" => ElementType.I64,
            "u8" => ElementType.U64,
            "f2" => ElementType.F16,
            "f4" => ElementType.F32,
            "f8" => ElementType.F64,
            _ => null,
        };
        return new NumpyType(text, element, text is ['>', ..]);
    }
}
