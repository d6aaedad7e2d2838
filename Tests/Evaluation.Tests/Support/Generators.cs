using FsCheck;
using FsCheck.Fluent;

namespace MLClassify.Evaluation.Tests.Support;

/// <summary>A set of evaluated images: one answer each, as labels and logits.</summary>
internal sealed record Answers(string[] Names, int[] TrueLabels, float[][] Logits)
{
    public EvaluationAccumulator Accumulate(int topK = 5)
    {
        var accumulator = new EvaluationAccumulator(Names, topK);
        for (int i = 0; i < TrueLabels.Length; i++)
        {
            accumulator.Add(TrueLabels[i], Logits[i], $"image{i}.jpg");
        }

        return accumulator;
    }

    public override string ToString() =>
        $"{Names.Length} classes: {string.Join("; ", TrueLabels.Select((label, i) => $"{label} <- [{string.Join(", ", Logits[i])}]"))}";
}

internal static class Generators
{
    /// <summary>Strings that break careless writers, whole and as parts of longer ones.</summary>
    public static readonly string[] NastyTexts =
    [
        "daisy", "a,b", "say \"hi\"", "line\nbreak", "crlf\r\nbreak", "\rcarriage", "\ttab", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "'=1",
        "''@x", "'s-Gravenhage", "<script>alert(1)</script>", "a & b", "]]>", "Gänseblümchen", "短毛猫", "🌷", "e\u0301", " leading", "trailing ",
        "\u202Eevil", "\u001B[31mred", "\uFFFE", "＝1", "{\"json\": 1}", "\\", "", "\"", ",", "\u2028",
    ];

    public static Gen<string> NastyText { get; } =
        from parts in Gen.Elements(NastyTexts).ListOf(2)
        from isJoined in Gen.Elements(false, true)
        select isJoined ? string.Concat(parts) : parts[0];

    /// <summary>Logits from few values, so that ties are common.</summary>
    public static Gen<Answers> Answers { get; } = AnswersOf(Gen.Elements(-3f, -1f, 0f, 0f, 0.5f, 2f, 30f));

    /// <summary>Also logits that have no softmax.</summary>
    public static Gen<Answers> AnswersOfSickNetworks { get; } =
        AnswersOf(Gen.Elements(-3f, 0f, 0.5f, 2f, float.NaN, float.PositiveInfinity, float.NegativeInfinity));

    private static Gen<Answers> AnswersOf(Gen<float> logit) =>
        from classes in Gen.Choose(1, 8)
        from images in Gen.Choose(0, 40)
        from labels in Gen.Choose(0, classes - 1).ArrayOf(images)
        from logits in logit.ArrayOf(classes).ArrayOf(images)
        select new Answers([.. Enumerable.Range(0, classes).Select(label => $"class{label}")], labels, logits);
}
