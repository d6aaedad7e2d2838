using MLClassify.Evaluation.Tests.Support;

namespace MLClassify.Reports.Tests;

public sealed class ConfusionMatrixFileTests
{
    [Fact]
    public void ToCsv_NastyNames_ReadBackUnchanged()
    {
        string[] names = Generators.NastyTexts;
        long[,] counts = new long[names.Length, names.Length];
        counts[0, 1] = 3;
        counts[2, 2] = 1234567;

        IReadOnlyList<string[]> rows = Csv.Parse(new ConfusionMatrix(names, counts).ToCsv());

        Assert.Equal(["true", .. names], rows[0]);
        Assert.Equal(names, rows.Skip(1).Select(row => row[0]));
        Assert.Equal("3", rows[1][2]);
        Assert.Equal("1234567", rows[3][3]);
        Assert.All(rows, row => Assert.Equal(names.Length + 1, row.Length));
    }
}
