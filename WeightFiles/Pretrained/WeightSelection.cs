namespace MLClassify.WeightFiles.Pretrained;

/// <summary>Where a network's first values come from.</summary>
public enum WeightKind
{
    /// <summary>Published or imported weights, or, where no network is named and they cannot be had, a package's or the embedded network's.</summary>
    Auto,

    /// <summary>Random initialization, as the network defines it.</summary>
    None,

    /// <summary>Published or imported weights, by name.</summary>
    Pretrained,

    /// <summary>The weights inside this library.</summary>
    Embedded,

    /// <summary>A file.</summary>
    File,

    /// <summary>A NuGet package that holds a pretrained network.</summary>
    Package,
}

/// <summary>
/// A selection of weights. As text: <c>auto</c>, <c>none</c>, <c>pretrained</c>, <c>pretrained:v2</c> or <c>pretrained:11ad3fa6</c> for another
/// than the default file, <c>embedded</c>, <c>package:Microsoft.ML.DnnImageFeaturizer.ResNet18</c>, with <c>/0.23.1</c> for a version, or the path
/// of a file. A file that has one of these names is given as <c>./pretrained</c>.
/// </summary>
public sealed record WeightSelection
{
    private const string AutoWord = "auto";
    private const string NoneWord = "none";
    private const string PretrainedWord = "pretrained";
    private const string EmbeddedWord = "embedded";
    private const string PackagePrefix = "package:";

    internal const string Choices = $"{AutoWord}, {PretrainedWord}, {EmbeddedWord}, {NoneWord}, {PackagePrefix}NAME or a file";

    private WeightSelection(WeightKind kind, string? value = null) => (Kind, Value) = (kind, value);

    /// <summary>Published or imported weights, or, where no network is named and they cannot be had, a package's or the embedded network's.</summary>
    public static WeightSelection Auto { get; } = new(WeightKind.Auto);

    /// <summary>No weights: random initialization.</summary>
    public static WeightSelection None { get; } = new(WeightKind.None);

    /// <summary>The network's published weights, or the file that was imported for it.</summary>
    public static WeightSelection Pretrained { get; } = new(WeightKind.Pretrained);

    /// <summary>The weights inside this library.</summary>
    public static WeightSelection Embedded { get; } = new(WeightKind.Embedded);

    internal static IReadOnlyList<string> Words { get; } = [AutoWord, PretrainedWord, EmbeddedWord, NoneWord];

    /// <summary>Which it is.</summary>
    public WeightKind Kind { get; }

    /// <summary>
    /// The file's path, the package's name with or without <c>/VERSION</c>, or which of a network's weights: a version or the beginning of
    /// a SHA-256; null for the default.
    /// </summary>
    public string? Value { get; }

    /// <summary>The selection as it was given; of a file only its name, so that records do not name places on a machine.</summary>
    public string Label => Kind == WeightKind.File ? Path.GetFileName(Value) ?? "" : ToString();

    /// <summary>A file with weights, whatever its name.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public static WeightSelection File(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new WeightSelection(WeightKind.File, path);
    }

    /// <summary>Another of a network's published or imported weights than the default ones.</summary>
    /// <param name="which">A version, such as <c>v2</c>, or the beginning of a SHA-256.</param>
    /// <exception cref="ArgumentException">The text is empty, or has other characters than letters and digits.</exception>
    public static WeightSelection Version(string which)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(which);
        return Parse($"{PretrainedWord}:{which}");
    }

    /// <summary>
    /// A NuGet package with a pretrained network: the program's own where it references the package, else the user's, which is restored
    /// where it is not there.
    /// </summary>
    /// <param name="id">The package's name, such as <c>Microsoft.ML.DnnImageFeaturizer.ResNet18</c>.</param>
    /// <param name="version">Its version; null for the one that is here.</param>
    /// <exception cref="ArgumentException">Name or version has other characters than letters, digits, dots, dashes and underscores.</exception>
    public static WeightSelection Package(string id, string? version = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        return Parse(version is null ? PackagePrefix + id : $"{PackagePrefix}{id}/{version}");
    }

    /// <summary>Reads a selection.</summary>
    /// <param name="text">What was given; null means <see cref="Auto"/>.</param>
    /// <exception cref="ArgumentException">The text is empty, or nothing that can be meant follows <c>pretrained:</c> or <c>package:</c>.</exception>
    public static WeightSelection Parse(string? text)
    {
        if (text is null || Is(text, AutoWord))
        {
            return Auto;
        }

        if (Is(text, NoneWord))
        {
            return None;
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            throw new ArgumentException($"Weights are {Choices}; got an empty text.");
        }

        if (Is(text, EmbeddedWord))
        {
            return Embedded;
        }

        if (Is(text, PretrainedWord))
        {
            return Pretrained;
        }

        if (text.StartsWith(PackagePrefix, StringComparison.OrdinalIgnoreCase))
        {
            string package = text[PackagePrefix.Length..];
            return package.Split('/') is { Length: 1 or 2 } parts && parts.All(IsPlain)
                ? new WeightSelection(WeightKind.Package, package)
                : throw new ArgumentException($"'{text}': after '{PackagePrefix}' comes a NuGet package's name, and perhaps '/' and its version.");
        }

        const string Prefix = PretrainedWord + ":";
        if (!text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return new WeightSelection(WeightKind.File, text);
        }

        string which = text[Prefix.Length..];
        return which.Length > 0 && which.All(char.IsAsciiLetterOrDigit)
            ? new WeightSelection(WeightKind.Pretrained, which)
            : throw new ArgumentException($"'{text}': after '{Prefix}' comes a version, such as v2, or the first 8 digits of a SHA-256.");
    }

    /// <summary>Reads a selection as <see cref="Parse"/> does.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator WeightSelection(string? text) => Parse(text);

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() => Kind switch
    {
        WeightKind.Auto => AutoWord,
        WeightKind.None => NoneWord,
        WeightKind.Embedded => EmbeddedWord,
        WeightKind.Package => PackagePrefix + Value,
        WeightKind.File => IsWord(Value!) ? $"./{Value}" : Value!,
        _ => Value is null ? PretrainedWord : $"{PretrainedWord}:{Value}",
    };

    private static bool IsWord(string path) => Is(path, AutoWord) || Is(path, NoneWord) || Is(path, EmbeddedWord) || Is(path, PretrainedWord)
        || path.StartsWith(PretrainedWord + ":", StringComparison.OrdinalIgnoreCase) || path.StartsWith(PackagePrefix, StringComparison.OrdinalIgnoreCase);

    private static bool IsPlain(string part) =>
        part.Length is > 0 and <= 100 && char.IsAsciiLetterOrDigit(part[0]) && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    private static bool Is(string text, string word) => text.Equals(word, StringComparison.OrdinalIgnoreCase);
}
