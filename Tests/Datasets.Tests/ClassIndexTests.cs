namespace MLClassify.Datasets.Tests;

public sealed class ClassIndexTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder[ClassIndex.FileName];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_Saved_GivesTheNames()
    {
        string[] names = ["daisy", "gänse\"blümchen", "薔薇", "10"];

        ClassIndex.Save(FilePath, names);

        Assert.Equal(names, ClassIndex.Load(FilePath));
        Assert.Equal([FilePath], Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public void Save_Names_WritesAnObjectFromLabelToName()
    {
        ClassIndex.Save(FilePath, ["daisy", "薔薇"]);

        Assert.Equal(
            "{ \"0\": \"daisy\", \"1\": \"薔薇\" }",
            string.Join(' ', File.ReadAllText(FilePath).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public void Save_Failing_LeavesTheOldFile()
    {
        ClassIndex.Save(FilePath, ["old", "names"]);

        Assert.ThrowsAny<Exception>(() => ClassIndex.Save(FilePath, new FailingList()));

        Assert.Equal(["old", "names"], ClassIndex.Load(FilePath));
        Assert.Equal([FilePath], Directory.GetFiles(_folder.Root));
    }

    [Theory]
    [InlineData("", "not a class index")]
    [InlineData("{", "not a class index")]
    [InlineData("[\"a\"]", "found a JSON Array")]
    [InlineData("{}", "no classes")]
    [InlineData("{\"0\": \"a\", \"2\": \"b\"}", "label '2'")]
    [InlineData("{\"0\": \"a\", \"00\": \"b\"}", "label '00'")]
    [InlineData("{\"0\": \"a\", \"0\": \"b\"}", "not a class index")]
    [InlineData("{\"-1\": \"a\"}", "label '-1'")]
    [InlineData("{\"99999999999\": \"a\"}", "label '99999999999'")]
    [InlineData("{\"0\": \"a\", \"1\": \"a\"}", "'a' occurs twice")]
    [InlineData("{\"0\": 5}", "label 0 has Number")]
    [InlineData("{\"0\": null}", "label 0 has Null")]
    [InlineData("{\"0\": \"\"}", "label 0 has String")]
    [InlineData("{\"0\": \"\\ud800\"}", "not a class index")]
    [InlineData("{\"\\ud800\": \"a\"}", "not a class index")]
    public void Load_BadContent_ThrowsWithFileAndReason(string content, string expected)
    {
        File.WriteAllText(FilePath, content);

        var error = Assert.Throws<InvalidDatasetException>(() => ClassIndex.Load(FilePath));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(FilePath, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_DeepNesting_Throws()
    {
        File.WriteAllText(FilePath, new string('[', 1_000_000));

        Assert.Throws<InvalidDatasetException>(() => ClassIndex.Load(FilePath));
    }

    private sealed class FailingList : IReadOnlyList<string>
    {
        public int Count => 2;

        public string this[int index] => index == 0 ? "first" : throw new InvalidOperationException("second");

        public IEnumerator<string> GetEnumerator() => throw new NotSupportedException();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => throw new NotSupportedException();
    }
}
