using System.Globalization;

namespace MLClassify.Trainers;

/// <summary>Class weights in the loss.</summary>
internal sealed class ClassWeights
{
    /// <summary>The text for weights that make all classes count the same together.</summary>
    public const string Balanced = "balanced";

    private readonly bool _isBalanced;
    private readonly IReadOnlyDictionary<string, double> _weights;

    private ClassWeights(bool isBalanced, IReadOnlyDictionary<string, double> weights) => (_isBalanced, _weights) = (isBalanced, weights);

    /// <summary>Reads <c>balanced</c>, or <c>daisy=2,rose=0.5</c>; null, empty and <c>none</c> are null.</summary>
    /// <exception cref="ArgumentException">The text is neither.</exception>
    public static ClassWeights? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text == "none")
        {
            return null;
        }

        var weights = new Dictionary<string, double>(StringComparer.Ordinal);
        if (text == Balanced)
        {
            return new ClassWeights(true, weights);
        }

        foreach (string part in text.Split(','))
        {
            // A class's name may hold the sign itself.
            int sign = part.LastIndexOf('=');
            if (sign < 1 || !double.TryParse(part[(sign + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out double weight)
                || !double.IsFinite(weight) || weight < 0 || !weights.TryAdd(part[..sign], weight))
            {
                throw new ArgumentException($"{nameof(FineTuneOptions.ClassWeights)} is '{text}'; expected {Balanced}, or class=weight, each class once, separated by commas.");
            }
        }

        return new ClassWeights(false, weights);
    }

    /// <summary>The weight of each class.</summary>
    /// <param name="classes">The classes' names.</param>
    /// <param name="counts">Training images of each.</param>
    /// <exception cref="ArgumentException">A class that is named does not exist, or no class counts.</exception>
    public float[] For(IReadOnlyList<string> classes, IReadOnlyList<int> counts)
    {
        if (_isBalanced)
        {
            double total = counts.Sum(c => (double)c);
            int present = counts.Count(c => c > 0);
            return [.. counts.Select(c => c == 0 ? 1f : (float)(total / (present * (double)c)))];
        }

        string? unknown = _weights.Keys.FirstOrDefault(name => !classes.Contains(name, StringComparer.Ordinal));
        if (unknown is not null)
        {
            throw new ArgumentException($"{nameof(FineTuneOptions.ClassWeights)} names '{unknown}', which is no class; there are {string.Join(", ", classes.Take(10))}{(classes.Count > 10 ? ", ..." : "")}.");
        }

        float[] weights = [.. classes.Select(name => (float)_weights.GetValueOrDefault(name, 1))];
        return weights.Any(w => w > 0) ? weights : throw new ArgumentException($"{nameof(FineTuneOptions.ClassWeights)} gives every class 0.");
    }
}
