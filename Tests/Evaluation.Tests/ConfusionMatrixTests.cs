namespace MLClassify.Evaluation.Tests;

public sealed class ConfusionMatrixTests
{
    private static readonly string[] Names = ["cat", "dog", "owl"];

    private static readonly long[,] Counts = { { 5, 2, 0 }, { 1, 6, 3 }, { 0, 0, 4 } };

    [Fact]
    public void Add_Answers_CountsTrueClassesInRows()
    {
        var matrix = new ConfusionMatrix(Names);
        matrix.Add(0, 1);
        matrix.Add(0, 1);
        matrix.Add(2, 2);

        Assert.Equal(new long[,] { { 0, 2, 0 }, { 0, 0, 0 }, { 0, 0, 1 } }, matrix.ToArray());
        Assert.Equal(2, matrix[0, 1]);
        Assert.Equal(3, matrix.Images);
        Assert.Equal(1, matrix.Correct);
    }

    [Fact]
    public void Totals_GivenCounts_SumRowsAndColumns()
    {
        var matrix = new ConfusionMatrix(Names, Counts);

        Assert.Equal([7, 10, 4], Enumerable.Range(0, 3).Select(matrix.RowTotal));
        Assert.Equal([6, 8, 7], Enumerable.Range(0, 3).Select(matrix.ColumnTotal));
        Assert.Equal(21, matrix.Images);
        Assert.Equal(15, matrix.Correct);
    }

    [Fact]
    public void Constructor_CallersArrayChanges_MatrixDoesNot()
    {
        long[,] counts = (long[,])Counts.Clone();
        var matrix = new ConfusionMatrix(Names, counts);

        counts[0, 0] = 99;
        matrix.ToArray()[0, 0] = 99;

        Assert.Equal(5, matrix[0, 0]);
    }

    [Fact]
    public void Add_OtherMatrix_SumsEveryCell()
    {
        var matrix = new ConfusionMatrix(Names, Counts);

        matrix.Add(new ConfusionMatrix(Names, Counts));

        Assert.Equal(new long[,] { { 10, 4, 0 }, { 2, 12, 6 }, { 0, 0, 8 } }, matrix.ToArray());
        Assert.Equal(42, matrix.Images);
        Assert.Equal(30, matrix.Correct);
    }

    [Fact]
    public void Add_MatrixOfOtherClasses_Throws() =>
        Assert.Throws<ArgumentException>(() => new ConfusionMatrix(Names).Add(new ConfusionMatrix(["cat", "owl", "dog"])));

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(3, 0)]
    [InlineData(0, -1)]
    [InlineData(0, 3)]
    public void Add_LabelOutsideTheClasses_NamesLabelAndRange(int trueLabel, int predictedLabel)
    {
        var matrix = new ConfusionMatrix(Names);

        var thrown = Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Add(trueLabel, predictedLabel));

        Assert.Contains("a label is in 0..2", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(0, matrix.Images);
    }

    [Fact]
    public void Constructor_BadArguments_Throws()
    {
        Assert.Throws<ArgumentException>(() => new ConfusionMatrix([]));
        Assert.Throws<ArgumentException>(() => new ConfusionMatrix(["cat", null!]));
        Assert.Throws<ArgumentException>(() => new ConfusionMatrix(Names, new long[3, 2]));
        Assert.Throws<ArgumentException>(() => new ConfusionMatrix(["cat"], new long[,] { { -1 } }));
        Assert.Throws<ArgumentException>(() => new ConfusionMatrix(["a", "b"], new long[,] { { long.MaxValue, 1 }, { 0, 0 } }));
    }

    [Fact]
    public void MostConfused_EqualCounts_ComeInLabelOrder()
    {
        var matrix = new ConfusionMatrix(Names, new long[,] { { 9, 1, 2 }, { 1, 9, 0 }, { 2, 1, 9 } });

        Assert.Equal(
            [new Confusion(0, 2, 2), new Confusion(2, 0, 2), new Confusion(0, 1, 1)],
            matrix.MostConfused(3));
        Assert.Equal(5, matrix.MostConfused(100).Count);
    }

    [Fact]
    public void ToString_FewClasses_AlignsNamesAndTotals()
    {
        string expected = """
            true \ predicted  cat  dog  owl  total
            cat                 5    2    0      7
            dog                 1    6    3     10
            owl                 0    0    4      4
            total               6    8    7     21

            """;

        Assert.Equal(expected, new ConfusionMatrix(Names, Counts).ToString());
    }

    [Fact]
    public void ToString_LongNames_GiveUpTheirMiddle()
    {
        var matrix = new ConfusionMatrix(["american_staffordshire_bull_terrier", "staffordshire_bull_terrier"], new long[,] { { 1, 0 }, { 0, 1 } });

        string expected = """
            true \ predicted          americ…rrier  staffo…rrier  total
            american_sta…ull_terrier             1             0      1
            staffordshir…ull_terrier             0             1      1
            total                                1             1      2

            """;
        Assert.Equal(expected, matrix.ToString());
    }

    [Fact]
    public void ToString_ManyClasses_HeadsColumnsByLabel()
    {
        var matrix = new ConfusionMatrix([.. Enumerable.Range(0, 102).Select(label => $"class with a name {label}")]);
        matrix.Add(101, 100);

        string[] lines = matrix.ToString().Split('\n');

        Assert.EndsWith("100  101  total", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("101 class with a name 101", lines[102], StringComparison.Ordinal);
        Assert.Equal(lines[0].Length, lines[102].Length);
    }
}
