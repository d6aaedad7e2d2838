using System.Globalization;
using MLClassify.Common;

namespace MLClassify;

/// <summary>How much images of each class count in the loss. Immutable; equal to others with the same text.</summary>
public sealed class ClassWeights : IEquatable<ClassWeights>
{
    private const string BalancedText = "balanced";

    // Null where the weights follow from the images of each class.
    private readonly Dictionary<string, double>? _weights;
    private readonly string _text;

    private ClassWeights(string text, Dictionary<string, double>? weights) => (_text, _weights) = (text, weights);

    /// <summary>All classes count the same together: an image's weight is N / (classes * images of its class).</summary>
    public static ClassWeights Balanced { get; } = new(BalancedText, null);

    /// <summary>Reads <c>balanced</c>, or <c>daisy=2,rose=0.5</c>, where classes that are not named have 1.</summary>
    /// <param name="text">The text; null, empty and <c>none</c> give null: all images count the same.</param>
    /// <exception cref="ArgumentException">The text is neither.</exception>
    public static ClassWeights? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text == "none")
        {
            return null;
        }

        if (text == BalancedText)
        {
            return Balanced;
        }

        var weights = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (string part in text.Split(','))
        {
            // A class's name may hold the sign itself.
            int sign = part.LastIndexOf('=');
            if (sign < 1 || !double.TryParse(part[(sign + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out double weight)
                || !double.IsFinite(weight) || weight < 0 || !weights.TryAdd(part[..sign], weight))
            {
                string meant = NearestName.Find(text, [BalancedText]) is null ? "" : $", perhaps {BalancedText}";
                throw new ArgumentException($"Class weights are '{text}'{meant}; expected {BalancedText}, or class=weight, each class once, separated by commas.");
            }
        }

        return new ClassWeights(text, weights);
    }

    /// <summary>Reads weights as <see cref="Parse"/> does.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator ClassWeights?(string? text) => Parse(text);

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() => _text;

    /// <inheritdoc/>
    public bool Equals(ClassWeights? other) => other is not null && _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ClassWeights);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The weight of each class.</summary>
    /// <param name="classes">The classes' names.</param>
    /// <param name="counts">Training images of each.</param>
    /// <exception cref="ArgumentException">A class that is named does not exist, or no class counts.</exception>
    internal float[] For(IReadOnlyList<string> classes, IReadOnlyList<int> counts)
    {
        if (_weights is null)
        {
            double total = counts.Sum(c => (double)c);
            int present = counts.Count(c => c > 0);
            return [.. counts.Select(c => c == 0 ? 1f : (float)(total / (present * (double)c)))];
        }

        string? unknown = _weights.Keys.FirstOrDefault(name => !classes.Contains(name, StringComparer.Ordinal));
        if (unknown is not null)
        {
            string meant = unknown.Length > 1 && NearestName.Find(unknown, classes) is { } nearest ? $", perhaps {nearest}" : "";
            throw new ArgumentException($"The class weights name '{unknown}', which is no class{meant}; there are {string.Join(", ", classes.Take(10))}{(classes.Count > 10 ? ", ..." : "")}.");
        }

        float[] weights = [.. classes.Select(name => (float)_weights.GetValueOrDefault(name, 1))];
        return weights.Any(w => w > 0) ? weights : throw new ArgumentException($"The class weights '{_text}' give every class 0.");
    }
}
