using MLClassify.Benchmarks.Comparison;

namespace MLClassify.Benchmarks.Tests.Comparison;

public class RatioTableTests
{
    private static readonly string[] Ours =
    [
        Line("mlclassify", 32, 2, "\"train_images_per_s\":15,\"percent_of_peak\":60,\"managed_bytes_per_step\":0,\"peak_rss_mb\":3000"),
        Line("mlclassify", 32, 2, "\"train_images_per_s\":16,\"percent_of_peak\":64,\"managed_bytes_per_step\":0,\"peak_rss_mb\":3001"),
        Line("mlclassify", 32, 1, "\"train_images_per_s\":8"),
        Line("mlclassify", 32, 2, "\"infer_images_per_s\":60"),
        Line("mlclassify", 32, 2, "\"frozen_images_per_s\":66"),
        Line("mlclassify", 1, 2, "\"infer_images_per_s\":50"),
        "a line that is none of ours",
    ];

    private static readonly string[] Peers =
    [
        Line("pytorch 1.13", 32, 2, "\"train_images_per_s\":10,\"peak_rss_mb\":6000"),
        Line("onnxruntime 1.30", 32, 2, "\"infer_images_per_s\":60"),
        Line("onnxruntime 1.30", 1, 2, "\"infer_images_per_s\":40"),
    ];

    [Fact]
    public void Rows_AllSides_TakeTheBestAndPutRatiosAboveOneWhereOursIsBetter()
    {
        string[] rows = Rows([.. Ours, .. Peers]);

        Assert.Equal("|  | network | ours | % of peak | managed bytes a step | PyTorch | ratio | ONNX Runtime | ratio |", rows[0]);
        Assert.Equal("| training, images/s, batch 32 | resnet50 | 16.0 | 64.0 | 0.0 | 10.0 | 1.60 |  |  |", rows[2]);
        Assert.Equal("| inference, images/s, batch 32 | resnet50 | 60.0 |  |  |  |  | 60.0 | 1.00 |", rows[3]);
        Assert.Equal("| frozen features, images/s, batch 32; peers: inference | resnet50 | 66.0 |  |  |  |  | 60.0 | 1.10 |", rows[4]);
        Assert.Equal("| inference of one image, ms | resnet50 | 20.0 |  |  |  |  | 25.0 | 1.25 |", rows[5]);
        Assert.Equal("| peak memory of training, MiB, batch 32 | resnet50 | 3000 |  |  | 6000 | 2.00 |  |  |", rows[6]);
        Assert.Equal("| training, 2 threads over one | resnet50 | 2.00 |  |  |  |  |  |  |", rows[7]);
        Assert.Equal(8, rows.Length);
    }

    [Fact]
    public void Rows_WithoutPeers_HaveNoColumnsForThem()
    {
        string[] rows = Rows(Ours);

        Assert.Equal("|  | network | ours | % of peak | managed bytes a step |", rows[0]);
        Assert.Equal("| training, images/s, batch 32 | resnet50 | 16.0 | 64.0 | 0.0 |", rows[2]);
    }

    [Fact]
    public void Table_WithoutOurs_SaysSo() => Assert.Throws<InvalidDataException>(() => Rows(Peers));

    [Fact]
    public void Read_BrokenLine_NamesIt() =>
        Assert.StartsWith("line 2: ", Assert.Throws<InvalidDataException>(() => PeerLine.Read(["", "{\"peer\":"])).Message, StringComparison.Ordinal);

    private static string[] Rows(string[] lines) => [.. new RatioTable(PeerLine.Read(lines)).Rows()];

    private static string Line(string peer, int batch, int threads, string rest) =>
        $"{{\"peer\":\"{peer}\",\"network\":\"resnet50\",\"batch\":{batch},\"size\":224,\"threads\":{threads},{rest}}}";
}
