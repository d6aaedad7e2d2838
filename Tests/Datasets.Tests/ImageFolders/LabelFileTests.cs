namespace MLClassify.Datasets.Tests.ImageFolders;

public sealed class LabelFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public LabelFileTests() => _folder.With("images/a/1.jpg", "images/a/2.jpg", "images/b/3.jpg", "images/b/4.jpg", "images/b/5.jpg");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("path,label,group,split", ',')]
    [InlineData("PATH\tLabel\tgroup\tSPLIT", '\t')]
    [InlineData("path;label;group;split", ';')]
    public void Open_AllColumns_AreClassesGroupsAndParts(string header, char separator)
    {
        ImageFolder folder = Open(
        [
            header, .. new[] { "a/1.jpg,cat,g1,train", "a/2.jpg,dog,,", "", "b/3.jpg,cat,g2,VAL", "\"b/4.jpg\",dog,\"g\"\"3\",test", @"b\5.jpg,cat,g1,train" }.Select(line => line.Replace(',', separator)),
        ]);

        Assert.Equal(["cat", "dog"], folder.ClassNames);
        Assert.Equal("1.jpg 0 g1,5.jpg 0 g1,2.jpg 1 ", string.Join(',', folder.Samples.Select(Text)));
        Assert.Equal("3.jpg 0 g2", string.Join(',', folder.Validation!.Samples.Select(Text)));
        Assert.Equal("4.jpg 1 g\"3", string.Join(',', folder.Test!.Samples.Select(Text)));
        Assert.Empty(folder.Warnings);
    }

    [Fact]
    public void Open_NoLabels_TakesTheFoldersClassesAndLeavesOutWhatIsNotListed()
    {
        ImageFolder folder = Open("path,group,age", "images/a/1.jpg,x,7", "images/b/3.jpg,y,8", "images/b/4.jpg,y,9");
        Assert.Equal(["a", "b"], folder.ClassNames);
        Assert.Equal("1.jpg 0 x,3.jpg 1 y,4.jpg 1 y", string.Join(',', folder.Samples.Select(Text)));
        Assert.Contains(folder.Warnings, warning => warning.Contains("not used: age", StringComparison.Ordinal));
        Assert.Contains(folder.Warnings, warning => warning.Contains("2 images of ", StringComparison.Ordinal));
    }

    [Fact]
    public void Open_ListedAndNotThere_IsLeftOutAndNamed()
    {
        ImageFolder folder = Open("path,label", "a/1.jpg,cat", "a/none.jpg,cat", "b/3.jpg,dog");
        Assert.Equal(2, folder.Dataset.Count);
        Assert.Contains(folder.Ignored, file => file is { Path: "a/none.jpg" } && file.Reason.Contains("line 3", StringComparison.Ordinal));
        Assert.Contains(folder.Warnings, warning => warning.Contains("1 images that ", StringComparison.Ordinal) && warning.Contains("a/none.jpg", StringComparison.Ordinal));
    }

    [Fact]
    public void Open_GroupOnSeveralSides_IsSaid()
    {
        ImageFolder folder = Open("path,label,group,split", "a/1.jpg,cat,g1,train", "a/2.jpg,cat,g1,val", "b/3.jpg,dog,g2,train");
        Assert.Contains(folder.Warnings, warning => warning.Contains("of 1 groups: g1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("line 1: found nothing, expected a header with the column path", "")]
    [InlineData("line 1: found the columns 'a/1.jpg', 'cat', expected a header with the column path", "a/1.jpg,cat")]
    [InlineData("line 1: found two columns 'Path', expected one", "path,Path,label")]
    [InlineData("line 3: found the split 'holdout', expected train, val or test", "path,label,split", "a/1.jpg,cat,train", "a/2.jpg,cat,holdout")]
    [InlineData("line 2: found no label of a/1.jpg, expected its class", "path,label", "a/1.jpg,")]
    [InlineData("line 2: found no path, expected an image's path", "path,label", ",cat")]
    [InlineData("line 3: found a/1.jpg as dog in train, expected what line 2 says of it, cat in train", "path,label", "a/1.jpg,cat", "a/1.jpg,dog")]
    [InlineData("line 2: found a quote that is not closed", "path,label", "\"a/1.jpg,cat")]
    [InlineData("found 1 images of 1 classes to train on (cat), expected at least 2 classes", "path,label", "a/1.jpg,cat")]
    [InlineData("line 4: found an image of bird that is held out, expected a class that has images to train on", "path,label,split", "a/1.jpg,cat,", "a/2.jpg,dog,", "b/3.jpg,bird,val")]
    public void Open_WrongTable_SaysFileLineFoundAndExpected(string problem, params string[] lines)
    {
        InvalidDatasetException error = Assert.Throws<InvalidDatasetException>(() => Open(lines));
        Assert.Contains("labels.csv", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NoSuchTable_SaysSo()
    {
        InvalidDatasetException error = Assert.Throws<InvalidDatasetException>(() => ImageFolder.Open(_folder["images"], new ImageFolderOptions { Labels = _folder["none.csv"] }));
        Assert.Contains("none.csv cannot be read", error.Message, StringComparison.Ordinal);
    }

    private static string Text(ImageSample sample) => $"{Path.GetFileName(sample.Path)} {sample.Label} {sample.Group}";

    private ImageFolder Open(params string[] lines)
    {
        File.WriteAllLines(_folder["labels.csv"], lines);
        return ImageFolder.Open(_folder["images"], new ImageFolderOptions { Labels = _folder["labels.csv"] });
    }
}
