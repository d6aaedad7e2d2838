using MLClassify.Common;

namespace MLClassify.Preprocessing.Augmentation;

/// <summary>Policies as text: a known name, or parts and known names, separated by commas.</summary>
internal static class AugmentationText
{
    /// <summary>The longest text that is looked at; no canonical one comes near.</summary>
    public const int MaxLength = 8192;

    /// <summary>The most steps of a policy that has a text.</summary>
    public const int MaxSteps = 32;

    private const int ShownLength = 40;

    /// <summary>Reads a policy.</summary>
    /// <exception cref="ArgumentException">The text is none; the message says where and what is known.</exception>
    public static AugmentationPolicy Parse(string text)
    {
        if (text.Length > MaxLength)
        {
            throw Error($"Augmentation text of {text.Length} characters; expected at most {MaxLength}.");
        }

        string[] words = text.Split(',', StringSplitOptions.TrimEntries);
        if (words.Length == 1 && Known(words[0]) is { } known)
        {
            return known;
        }

        var geometric = new List<IGeometricAugmentation>();
        var pixel = new List<IPixelAugmentation>();
        for (int i = 0; i < words.Length; i++)
        {
            string place = words.Length == 1 ? "" : FormattableString.Invariant($" (part {i + 1} of {words.Length})");
            Add(words[i], place, geometric, pixel);
            if (geometric.Count + pixel.Count > MaxSteps)
            {
                throw Error($"Augmentation of more than {MaxSteps} steps at '{Shown(words[i])}'{place}.");
            }
        }

        return AugmentationPolicy.Compose(geometric, pixel);
    }

    /// <summary>The canonical text of steps: a known name where one stands for exactly these, else the parts; null when one has no text.</summary>
    public static string? Write(IReadOnlyList<IGeometricAugmentation> geometric, IReadOnlyList<IPixelAugmentation> pixel)
    {
        AugmentationPolicy? known = AugmentationPolicy.KnownPolicies.FirstOrDefault(p => p.HasSteps(geometric, pixel));
        return known is not null ? known.Name
            : geometric.Count + pixel.Count > MaxSteps ? null
            : WriteParts(geometric, pixel);
    }

    /// <summary>The parts, also where a known name stands for them; null when one has no text.</summary>
    public static string? WriteParts(IReadOnlyList<IGeometricAugmentation> geometric, IReadOnlyList<IPixelAugmentation> pixel)
    {
        string?[] parts = [.. geometric.Concat<object>(pixel).Select(Write)];
        return parts.Contains(null) ? null : string.Join(',', parts);
    }

    private static string? Write(object step) => AugmentationParts.All.FirstOrDefault(part => part.Type == step.GetType())?.Write(step);

    private static AugmentationPolicy? Known(string word) =>
        AugmentationPolicy.KnownPolicies.FirstOrDefault(policy => policy.Name.Equals(word, StringComparison.OrdinalIgnoreCase));

    private static void Add(string word, string place, List<IGeometricAugmentation> geometric, List<IPixelAugmentation> pixel)
    {
        if (Known(word) is { } policy)
        {
            if (policy.IsDeterministic)
            {
                throw Error($"Augmentation '{policy.Name}'{place} is nothing and stands alone.");
            }

            geometric.AddRange(policy.Geometric);
            pixel.AddRange(policy.Pixel);
            return;
        }

        string[] fields = word.Split(':', StringSplitOptions.TrimEntries);
        AugmentationPart part = AugmentationParts.All.FirstOrDefault(p => p.Name.Equals(fields[0], StringComparison.OrdinalIgnoreCase))
            ?? throw Error(
                $"Unknown augmentation '{Shown(word)}'{place}{Meant(fields[0])}; expected {string.Join(", ", AugmentationPolicy.KnownPolicies.Select(p => p.Name))},"
                + $" or parts of {string.Join(", ", AugmentationParts.All.Select(p => p.Name))}, separated by commas.");
        switch (Step(part, fields, $"'{Shown(word)}'{place}"))
        {
            case IGeometricAugmentation step:
                geometric.Add(step);
                break;
            case IPixelAugmentation step:
                pixel.Add(step);
                break;
        }
    }

    private static string Meant(string word) =>
        NearestName.Find(Shown(word), AugmentationPolicy.KnownPolicies.Select(p => p.Name).Concat(AugmentationParts.All.Select(p => p.Name))) is { } nearest ? $", perhaps {nearest}" : "";

    private static object Step(AugmentationPart part, string[] fields, string place)
    {
        int given = fields.Length - 1;
        if (given > part.Parameters.Length)
        {
            throw Error(FormattableString.Invariant($"Augmentation {place} has {given} parameters; expected {part.Describe().Syntax}."));
        }

        double[] values = new double[part.Parameters.Length];
        for (int i = 0; i < values.Length; i++)
        {
            AugmentationParameter parameter = part.Parameters[i];
            values[i] = i >= given ? parameter.Default : parameter.Read(fields[i + 1])
                ?? throw Error($"Augmentation {place}: {parameter.Name} is '{Shown(fields[i + 1])}'; expected {parameter.Expected}.");
        }

        try
        {
            return part.Create(values);
        }
        catch (ArgumentException error)
        {
            // A range whose ends are fine each, but the wrong way round.
            throw Error($"Augmentation {place}: {error.Message}");
        }
    }

    private static ArgumentException Error(string message) => new(message);

    private static string Shown(string text) => text.Length > ShownLength ? $"{text[..ShownLength]}..." : text;
}
