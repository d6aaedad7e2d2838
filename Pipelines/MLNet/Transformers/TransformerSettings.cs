namespace MLClassify.MLNet;

/// <summary>Which transformer a saved one is.</summary>
internal enum TransformerKind
{
    Classifier,
    Features,
    Pixels,
}

/// <summary>All of a transformer but its network, as JSON in a model file.</summary>
internal sealed record TransformerSettings
{
    public required TransformerKind Kind { get; init; }

    public required string ImageColumn { get; init; }

    public required UnreadableImages Unreadable { get; init; }

    /// <summary>The features' or pixels' column.</summary>
    public string? OutputColumn { get; init; }

    public string? ScoreColumn { get; init; }

    public string? PredictedLabelColumn { get; init; }

    /// <summary>The type of what the keys stand for; null where nobody knows.</summary>
    public string? KeyType { get; init; }

    public IReadOnlyList<string>? KeyValues { get; init; }

    public PixelLayout? Layout { get; init; }

    /// <summary>What <see cref="PreprocessingSpec.ToJson"/> gives.</summary>
    public string? Preprocessing { get; init; }

    /// <exception cref="InvalidDataException">The content is no such JSON.</exception>
    public static TransformerSettings Read(Stream stream)
    {
        TransformerSettings settings = ArchiveJson.Read<TransformerSettings>(stream);
        string?[] names = settings.Kind == TransformerKind.Classifier
            ? [settings.ImageColumn, settings.ScoreColumn, settings.PredictedLabelColumn]
            : [settings.ImageColumn, settings.OutputColumn];
        return names.Any(string.IsNullOrEmpty) || settings.KeyValues?.Contains(null!) == true
            ? throw ArchiveJson.Damaged("a column or a key value has no name")
            : settings;
    }
}
