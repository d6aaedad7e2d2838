using System.Security.Cryptography;

namespace MLClassify.DemoData.Tests;

public sealed class DemoDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_TwoFolders_HoldTheSameBytes()
    {
        string first = _folder["first"], second = _folder["second"];
        var reports = new ProgressRecorder<int>();

        int count = DemoDataset.Write(first, 3, seed: 5, reports);
        DemoDataset.Write(second, 3, seed: 5);

        Assert.Equal(15, count);
        Assert.Equal(Enumerable.Range(1, 15), reports.Reports.Order());
        Assert.Equal(["daisy", "poppy", "sunflower", "tulip", "violet"], DemoDataset.Classes);
        Assert.Equal(DemoDataset.Classes, Directory.GetDirectories(first).Select(Path.GetFileName).Order());
        Assert.Equal(15, Hashes(first).Distinct().Count());
        Assert.Equal(Hashes(first), Hashes(second));
    }

    [Fact]
    public void Write_MoreImages_KeepsTheFirstOnes()
    {
        string few = _folder["few"], more = _folder["more"];

        DemoDataset.Write(few, 1, seed: 9);
        DemoDataset.Write(more, 2, seed: 9);

        Assert.Subset(Hashes(more).ToHashSet(), Hashes(few).ToHashSet());
    }

    [Fact]
    public void Write_NoImages_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DemoDataset.Write(_folder.Root, 0, seed: 1));

    [Fact]
    public void Write_Canceled_Stops()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => DemoDataset.Write(_folder.Root, 100, seed: 1, cancellationToken: cancellation.Token));

        Assert.Empty(Directory.GetFiles(_folder.Root, "*", SearchOption.AllDirectories));
    }

    private static string[] Hashes(string folder) =>
        [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(file => Path.GetRelativePath(folder, file) + " " + Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))))];
}
