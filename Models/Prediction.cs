using MLClassify.Common;

namespace MLClassify;

/// <summary>A class with its probability.</summary>
/// <param name="Label">The class's name.</param>
/// <param name="Score">Its probability (softmax), 0..1.</param>
public readonly record struct ClassScore(string Label, float Score)
{
    /// <summary>The class and its probability: <c>daisy 97.3 %</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Label} {100 * Score:0.0} %");
}

/// <summary>The prediction for one image: the classes with their probabilities. Immutable.</summary>
public sealed class Prediction
{
    private readonly IReadOnlyList<string> _labels;
    private readonly float[] _scores;
    private readonly int[] _ranking;

    /// <summary>Turns logits into probabilities.</summary>
    /// <param name="labels">The classes' names.</param>
    /// <param name="logits">The network's output, one a class.</param>
    internal Prediction(IReadOnlyList<string> labels, ReadOnlySpan<float> logits)
    {
        _labels = labels;
        _scores = Softmax.Probabilities(logits);
        _ranking = new int[logits.Length];
        for (int i = 0; i < _ranking.Length; i++)
        {
            _ranking[i] = i;
        }

        // Equal scores rank by label, the lowest first; logits decide, whose order survives where probabilities round to 0.
        float[] keys = new float[logits.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = float.IsNaN(logits[i]) ? float.PositiveInfinity : -logits[i];
        }

        Array.Sort(_ranking, (a, b) => keys[a] != keys[b] ? keys[a].CompareTo(keys[b]) : a.CompareTo(b));
    }

    /// <summary>The likeliest class.</summary>
    public string Label => _labels[_ranking[0]];

    /// <summary>The likeliest class's index.</summary>
    public int LabelIndex => _ranking[0];

    /// <summary>The likeliest class's probability, 0..1.</summary>
    public float Score => _scores[_ranking[0]];

    /// <summary>The probabilities of all classes, in the order of their labels; they sum to 1.</summary>
    public IReadOnlyList<float> Scores => _scores;

    /// <summary>The likeliest classes, the likeliest first.</summary>
    /// <param name="count">How many at most; at least 1.</param>
    public IReadOnlyList<ClassScore> Top(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return [.. _ranking.Take(count).Select(i => new ClassScore(_labels[i], _scores[i]))];
    }

    /// <summary>The index of the likeliest class, as <see cref="LabelIndex"/> has it: the first of the largest, and no NaN while there is another.</summary>
    /// <param name="logits">The network's output, one a class.</param>
    internal static int LikeliestOf(ReadOnlySpan<float> logits)
    {
        int likeliest = 0;
        for (int i = 1; i < logits.Length; i++)
        {
            if (logits[i] > (float.IsNaN(logits[likeliest]) ? float.NegativeInfinity : logits[likeliest]))
            {
                likeliest = i;
            }
        }

        return likeliest;
    }

    /// <summary>The likeliest class and its probability.</summary>
    public override string ToString() => new ClassScore(Label, Score).ToString();
}
