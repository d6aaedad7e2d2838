namespace MLClassify.Reports.Tests;

public sealed class ResultsFileTests : IDisposable
{
    private const string Header = "epoch,time,train_loss,train_accuracy,val_loss,val_accuracy,lr\n";

    private readonly TemporaryFolder _folder = new();

    private string File => _folder["results.csv"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_Epochs_GivesTheDesignsColumns()
    {
        ResultsFile.Write(File, [new EpochResult(1, 12.34567, 1.5, 0.5, 1.25, 0.625, 0.01), new EpochResult(2, 12, double.NaN, 0.75, null, null, 1e-5)]);

        Assert.Equal(Header + "1,12.346,1.5,0.5,1.25,0.625,0.01\n2,12,nan,0.75,,,1E-05\n", System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void Read_WhatWasWritten_IsBitwiseTheSame()
    {
        var random = new Random(1);
        EpochResult[] results =
        [
            .. Enumerable.Range(1, 50).Select(epoch => new EpochResult(
                epoch, epoch, random.NextDouble(), random.NextDouble(), random.NextDouble(), random.NextDouble(), Math.Pow(10, -epoch))),
            new EpochResult(99, 0.125, double.PositiveInfinity, double.NaN, double.NegativeInfinity, null, 0),
        ];

        ResultsFile.Write(File, results);

        Assert.Equal(results, ResultsFile.Read(File));
    }

    [Theory]
    [InlineData("", "found the header 'nothing'")]
    [InlineData("step,loss\n1,2\n", "found the header 'step,loss', expected 'epoch,time,train_loss,train_accuracy,val_loss,val_accuracy,lr'")]
    [InlineData(Header + "1,2,3\n", "row 1: found 3 fields, expected 7")]
    [InlineData(Header + "one,1,1,1,1,1,1\n", "row 1: found the epoch 'one', expected a whole number")]
    [InlineData(Header + "1,1,x,1,1,1,1\n", "row 1: found 'x' as train_loss, expected a number")]
    [InlineData(Header + "1,1,,1,1,1,1\n", "row 1: train_loss is empty")]
    [InlineData(Header + "2,1,1,1,1,1,1\n2,1,1,1,1,1,1\n", "row 2: epoch 2 follows epoch 2")]
    [InlineData(Header + "\"1\n", "line 2: a quote is not closed")]
    public void Read_BadContent_NamesFileRowAndExpectation(string content, string expected)
    {
        System.IO.File.WriteAllText(File, content);

        var thrown = Assert.Throws<InvalidDataException>(() => ResultsFile.Read(File));

        Assert.StartsWith($"{File}: {expected}", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AbsurdlyLargeFile_IsRefusedUnread()
    {
        using (FileStream stream = System.IO.File.Create(File))
        {
            stream.SetLength(1L << 32);
        }

        Assert.Contains("4294967296 bytes", Assert.Throws<InvalidDataException>(() => ResultsFile.Read(File)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_EpochsDoNotAscend_IsTheCallersError() =>
        Assert.Throws<ArgumentException>(() => ResultsFile.Write(File, [new EpochResult(2, 1, 1, 1, 1, 1, 1), new EpochResult(1, 1, 1, 1, 1, 1, 1)]));
}
