using System.Security.Cryptography;
using MLClassify.DemoData;

namespace MLClassify.DemoData.Tests;

public sealed class DemoDatasetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlclassify-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Write_TwoFolders_HoldTheSameBytes()
    {
        string first = Path.Combine(_folder, "first"), second = Path.Combine(_folder, "second");
        var reports = new Reports();

        int count = DemoDataset.Write(first, 3, seed: 5, reports);
        DemoDataset.Write(second, 3, seed: 5);

        Assert.Equal(15, count);
        Assert.Equal(Enumerable.Range(1, 15), reports.Values.Order());
        Assert.Equal(["daisy", "poppy", "sunflower", "tulip", "violet"], DemoDataset.Classes);
        Assert.Equal(DemoDataset.Classes, Directory.GetDirectories(first).Select(Path.GetFileName).Order());
        Assert.Equal(15, Hashes(first).Distinct().Count());
        Assert.Equal(Hashes(first), Hashes(second));
    }

    [Fact]
    public void Write_MoreImages_KeepsTheFirstOnes()
    {
        string few = Path.Combine(_folder, "few"), more = Path.Combine(_folder, "more");

        DemoDataset.Write(few, 1, seed: 9);
        DemoDataset.Write(more, 2, seed: 9);

        Assert.Subset(Hashes(more).ToHashSet(), Hashes(few).ToHashSet());
    }

    [Fact]
    public void Write_NoImages_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DemoDataset.Write(_folder, 0, seed: 1));

    [Fact]
    public void Write_Cancelled_Stops()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => DemoDataset.Write(_folder, 100, seed: 1, cancellationToken: cancellation.Token));

        Assert.Empty(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    private static string[] Hashes(string folder) =>
        [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(file => Path.GetRelativePath(folder, file) + " " + Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))))];

    private sealed class Reports : IProgress<int>
    {
        private readonly List<int> _values = [];

        public IReadOnlyList<int> Values => _values;

        public void Report(int value)
        {
            lock (_values)
            {
                _values.Add(value);
            }
        }
    }
}
