using FsCheck.Fluent;
using MLClassify.Evaluation.Tests.Support;

namespace MLClassify.Reports.Tests;

public sealed class CsvTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData(" padded ", "\" padded \"")]
    [InlineData("", "\"\"")]
    [InlineData("'s-Gravenhage", "'s-Gravenhage")]
    public void Text_SpecialCharacters_AreQuotedAsTheStandardSays(string field, string expected) => Assert.Equal(expected + "\n", Write(field));

    [Theory]
    [InlineData("=cmd", "'=cmd")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("＝1", "'＝1")]
    [InlineData("\tx", "'\tx")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("=1,2", "\"'=1,2\"")]
    [InlineData("'=1", "''=1")]
    public void Text_FormulaCharacterFirst_IsGuardedAndReadBack(string field, string expected)
    {
        Assert.Equal(expected + "\n", Write(field));
        Assert.Equal(field, Assert.Single(Csv.Parse(Write(field)))[0]);
    }

    [Fact]
    public void Number_NegativeValue_IsNotGuarded()
    {
        var csv = new Csv();
        csv.Number(-1.5);
        csv.Number(-2L);
        csv.Number(null);
        csv.Number(double.NaN);
        csv.Number(double.NegativeInfinity);
        csv.EndRow();

        Assert.Equal("-1.5,-2,,nan,-inf\n", csv.ToString());
    }

    [Fact]
    public void Parse_AnyRows_ReadBackUnchanged() => Property.Holds(Generators.NastyText.NonEmptyListOf().NonEmptyListOf(), rows =>
    {
        var csv = new Csv();
        foreach (IList<string> row in rows)
        {
            csv.Row(row);
        }

        Assert.Equal<string[]>(rows.Select(row => row.ToArray()), Csv.Parse(csv.ToString()));
    });

    [Fact]
    public void Parse_OtherWriters_AreUnderstood()
    {
        IReadOnlyList<string[]> rows = Csv.Parse("\uFEFFa,b\r\n\r\n\"c\r\nd\",\r\n,last");

        Assert.Equal<string[]>([["a", "b"], ["c\r\nd", ""], ["", "last"]], rows);
    }

    [Fact]
    public void Parse_Nothing_HasNoRows() => Assert.Empty(Csv.Parse(""));

    [Theory]
    [InlineData("a\n\"b\n", "line 2: a quote is not closed")]
    [InlineData("a\nb\"c", "line 2: a quote stands inside an unquoted field")]
    [InlineData("\"a\nb\"c", "line 2: text follows a closing quote")]
    [InlineData("a\rb", "line 1: a carriage return stands alone")]
    [InlineData("\"a\"\r", "line 1: text follows a closing quote")]
    public void Parse_MisplacedQuote_NamesTheLine(string text, string expected) =>
        Assert.Equal(expected, Assert.Throws<FormatException>(() => Csv.Parse(text)).Message);

    [Fact]
    public void Parse_AnyText_GivesRowsOrAFormatException() => Property.Holds(
        Gen.Elements('a', ',', '"', '\r', '\n', '\'', '=', ' ').ArrayOf(12),
        characters =>
        {
            Exception? thrown = Record.Exception(() => Csv.Parse(new string(characters)));
            Assert.True(thrown is null or FormatException, thrown?.ToString());
        });

    private static string Write(string field)
    {
        var csv = new Csv();
        csv.Row(field);
        return csv.ToString();
    }
}
