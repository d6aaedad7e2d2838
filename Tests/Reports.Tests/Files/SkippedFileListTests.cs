namespace MLClassify.Reports.Tests;

public sealed class SkippedFileListTests
{
    [Fact]
    public void Write_Reasons_AreQuotedWhereNeeded()
    {
        using var folder = new TemporaryFolder();

        SkippedFileList.Write(folder["skipped.csv"], [("a/1.jpg", "JPEG at byte 7: found 0, expected 8, 12 or 16"), ("b/2.jpg", "empty file")]);

        Assert.Equal(
            "path,reason\na/1.jpg,\"JPEG at byte 7: found 0, expected 8, 12 or 16\"\nb/2.jpg,empty file\n",
            File.ReadAllText(folder["skipped.csv"]));
    }

    [Fact]
    public void Write_NothingSkipped_LeavesTheHeaderAsEvidence()
    {
        using var folder = new TemporaryFolder();

        SkippedFileList.Write(folder["skipped.csv"], []);

        Assert.Equal("path,reason\n", File.ReadAllText(folder["skipped.csv"]));
    }
}
