namespace MLClassify.Datasets.Tests.Audit;

public sealed class EqualFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _written;

    public void Dispose() => _folder.Dispose();

    // Sizes around the piece that is looked at first, and around the buffer that files are read by.
    [Theory]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(8192)]
    [InlineData(65536)]
    [InlineData(200_001)]
    public void Find_OneByteApart_TellsFilesApart(int length)
    {
        var random = new Random(length);
        byte[] content = new byte[length];
        random.NextBytes(content);
        var paths = new List<string> { Write(content), Write(content) };
        foreach (int place in new[] { 0, length / 2, length - 1, random.Next(length) }.Distinct())
        {
            byte[] other = [.. content];
            other[place] ^= 1;
            paths.Add(Write(other));
        }

        Assert.Equal([0, 1], Assert.Single(Compare(paths, long.MaxValue, 2).Find(default)));
    }

    [Fact]
    public void Find_SeededFiles_GivesTheGroupsOfTheirContents()
    {
        var random = new Random(3);
        byte[][] contents = [.. Enumerable.Range(0, 12).Select(_ => new byte[random.Next(2) == 0 ? 5000 : 300])];
        foreach (byte[] content in contents)
        {
            random.NextBytes(content);
        }

        int[] chosen = [.. Enumerable.Range(0, 40).Select(_ => random.Next(contents.Length))];
        string[] paths = [.. chosen.Select(i => Write(contents[i]))];
        int[][] expected = [.. Enumerable.Range(0, 40).GroupBy(i => chosen[i]).Where(g => g.Count() > 1).Select(g => g.ToArray()).OrderBy(g => g[0])];
        foreach (int threads in new[] { 1, 4 })
        {
            Assert.Equal(expected, Compare(paths, long.MaxValue, threads).Find(default));
        }
    }

    [Fact]
    public void Find_TooLargeOrEmpty_IsNotCompared()
    {
        string[] paths = [Write(new byte[100]), Write(new byte[100]), Write([]), Write([])];
        Assert.Empty(Compare(paths, 99, 1).Find(default));
        Assert.Single(Compare(paths, 100, 1).Find(default));
    }

    [Fact]
    public void Find_LinkToAFile_IsThatFile()
    {
        string file = Write([1, 2, 3]);
        string link = _folder["link.jpg"];
        File.CreateSymbolicLink(link, file);
        Assert.Equal([0, 1], Assert.Single(Compare([file, link], long.MaxValue, 1).Find(default)));
    }

    private static EqualFiles Compare(IEnumerable<string> paths, long largestFile, int threads) =>
        new([.. paths.Select(path => new ImageSample(path, 0))], largestFile, threads);

    private string Write(byte[] content)
    {
        string path = _folder[$"{_written++}.jpg"];
        File.WriteAllBytes(path, content);
        return path;
    }
}
