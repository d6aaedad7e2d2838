namespace MLClassify.Evaluation.Tests;

public sealed class ReportTextTests
{
    [Fact]
    public void ToString_FewClasses_ShowsFiguresTableAndMatrix()
    {
        var report = new EvaluationResult(
            new ConfusionMatrix(["cat", "dog", "owl"], new long[,] { { 5, 2, 0 }, { 1, 6, 3 }, { 0, 0, 0 } }), new long[3], 3, 1, 0.54321, []);

        string expected = """
            accuracy 64.7 % (11 of 17 images; 95 % interval 41.3 to 82.7 %)
            balanced 65.7 %, loss 0.5432, macro F1 0.479
            problem: 64.7 % of 17 images are recognized (95 % interval 41.3 to 82.7 %): that cannot be told from always
              answering "dog", which would be right for 58.8 %. With so few images little can be told at all: measure on
              more. Then check that images and labels belong together.

            class          correct  accuracy  precision  recall     F1
            cat                5/7    71.4 %      0.833   0.714  0.769
            dog               6/10    60.0 %      0.750   0.600  0.667
            owl                0/0         -      0.000       -  0.000
            macro average                         0.528   0.438  0.479

            confusion matrix
            true \ predicted  cat  dog  owl  total
            cat                 5    2    0      7
            dog                 1    6    3     10
            owl                 0    0    0      0
            total               6    8    3     17
            """;
        Assert.Equal(expected, report.ToString());
    }

    [Fact]
    public void ToString_ManyClasses_ListsTheWorstMistakesInstead()
    {
        var accumulator = new EvaluationAccumulator([.. Enumerable.Range(0, 102).Select(label => $"class{label}")]);
        float[] logits = new float[102];
        logits[7] = 5;
        accumulator.Add(7, logits);
        accumulator.Add(100, logits);

        string text = accumulator.ToResult().ToString();

        Assert.Contains("top-5 50.0 %", text, StringComparison.Ordinal);
        Assert.EndsWith("""
            most confused, true -> predicted  images  of class
            class100 -> class7                     1   100.0 %
            """, text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length < 120, line));
    }

    [Fact]
    public void ToString_NetworkDiverged_SaysSo()
    {
        var accumulator = new EvaluationAccumulator(["a", "b"]);
        accumulator.Add(0, [float.NaN, 0]);

        string text = accumulator.ToResult().ToString();

        Assert.Contains("loss undefined", text, StringComparison.Ordinal);
        Assert.Contains("1 image has no prediction", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_NamesThatSteerTheTerminal_AreShownHarmless()
    {
        var accumulator = new EvaluationAccumulator(["\u001B[2J", "a\nb"]);

        string text = accumulator.ToResult().ToString();

        Assert.DoesNotContain('\u001B', text);
        Assert.Contains("a\uFFFDb", text, StringComparison.Ordinal);
    }
}
