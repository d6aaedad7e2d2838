namespace MLClassify.WeightFiles.Pretrained;

/// <summary>Where a network's first values come from.</summary>
public enum WeightKind
{
    /// <summary>Random initialization, as the network defines it.</summary>
    None,

    /// <summary>Published or imported weights, by name.</summary>
    Pretrained,

    /// <summary>The weights inside this library.</summary>
    Embedded,

    /// <summary>A file.</summary>
    File,
}

/// <summary>
/// A selection of weights as text: <c>none</c>, <c>pretrained</c>, <c>pretrained:v2</c> or <c>pretrained:11ad3fa6</c> for another than the
/// default file, <c>embedded</c>, or the path of a file. A file that has one of these names is given as <c>./pretrained</c>.
/// </summary>
/// <param name="Kind">The input node.</param>
/// <param name="Value">The file's path, or which of a network's weights: a version or the beginning of a SHA-256; null for the default.</param>
public sealed record WeightSelection(WeightKind Kind, string? Value = null)
{
    /// <summary>The word for no weights.</summary>
    public const string None = "none";

    /// <summary>The word for published weights.</summary>
    public const string Pretrained = "pretrained";

    /// <summary>The word for the weights inside this library.</summary>
    public const string Embedded = "embedded";

    /// <summary>Reads a selection.</summary>
    /// <param name="text">What was given; null means <see cref="None"/>.</param>
    /// <exception cref="ArgumentException">The text is empty, or nothing follows <c>pretrained:</c>.</exception>
    public static WeightSelection Parse(string? text)
    {
        if (text is null || Is(text, None))
        {
            return new WeightSelection(WeightKind.None);
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            throw new ArgumentException($"Weights are '{None}', '{Pretrained}', '{Embedded}' or a file; got an empty text.");
        }

        if (Is(text, Embedded))
        {
            return new WeightSelection(WeightKind.Embedded);
        }

        if (Is(text, Pretrained))
        {
            return new WeightSelection(WeightKind.Pretrained);
        }

        const string Prefix = Pretrained + ":";
        if (!text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return new WeightSelection(WeightKind.File, text);
        }

        string which = text[Prefix.Length..];
        return which.Length > 0 && which.All(char.IsAsciiLetterOrDigit)
            ? new WeightSelection(WeightKind.Pretrained, which)
            : throw new ArgumentException($"'{text}': after '{Prefix}' comes a version, such as v2, or the first 8 digits of a SHA-256.");
    }

    /// <summary>The selection as it was given; of a file only its name, so that records do not name places on a machine.</summary>
    public string Label => Kind switch
    {
        WeightKind.None => None,
        WeightKind.Embedded => Embedded,
        WeightKind.File => Path.GetFileName(Value) ?? "",
        _ => Value is null ? Pretrained : $"{Pretrained}:{Value}",
    };

    private static bool Is(string text, string word) => text.Equals(word, StringComparison.OrdinalIgnoreCase);
}
