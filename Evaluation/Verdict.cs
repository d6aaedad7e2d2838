namespace MLClassify;

/// <summary>The severity of a verdict.</summary>
public enum VerdictTone
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Nothing is wrong; there is something to know or to gain.</summary>
    Hint,

    /// <summary>Something is wrong.</summary>
    Problem,
}

/// <summary>One verdict about a result, or about the curves of the run that led to it.</summary>
/// <param name="Id">A stable name in snake_case, such as <c>over_fitting</c>.</param>
/// <param name="Tone">Whether that is good or bad.</param>
/// <param name="Sentence">What is seen, with its numbers.</param>
/// <param name="Advice">What to do about it.</param>
public sealed record Verdict(string Id, VerdictTone Tone, string Sentence, string Advice)
{
    /// <summary>The tone, what is seen, and what to do about it: <c>Problem: 12 images were measured ...</c>.</summary>
    public override string ToString() => $"{Tone}: {Sentence} {Advice}";
}
