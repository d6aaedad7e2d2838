using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLClassify.MLNet.Tests;

public sealed class LookaheadCursorTests(TrainedColors colors) : IClassFixture<TrainedColors>
{
    private const int BatchSize = ImageComputation.BatchSize;

    // Windows of 1, 4, then 16 rows: their edges, and those of one and two batches.
    public static TheoryData<int> Counts => [0, 1, 2, 4, 5, 6, BatchSize - 1, BatchSize, BatchSize + 1, 20, 21, 22, 36, 37, 38, 53, 54, 70];

    private ImageClassifier Classifier => ((IEnumerable<ITransformer>)colors.Model).OfType<ImageClassifierTransformer>().Single().Classifier;

    [Theory]
    [MemberData(nameof(Counts))]
    public void MoveNext_ReadToTheEnd_GivesEveryRowAsPredictedByPath(int count)
    {
        List<MixedRow> rows = Rows(count, seed: count);
        using var model = Model();
        IDataView scored = model.Transform(Data(rows));

        List<ReadRow> read = Read(scored, (_, _) => true);

        Assert.Equal(rows.Select(Describe), read.Select(r => r.Source));
        Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), read.Select(r => r.Position));
        Assert.Equal(Expected(rows), read.Select(r => r.Scores));
        Assert.Equal(read.Count(r => r.Scores!.StartsWith("NaN", StringComparison.Ordinal)), model.UnreadableRows);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void MoveNext_SomeRowsPassedOver_TheOthersAreTheSame(int seed)
    {
        List<MixedRow> rows = Rows(90, seed);
        var random = new Random(seed);
        using var model = Model();

        // Long stretches of either kind, so that cursors go from rows to batches and back.
        bool asks = true;
        List<ReadRow> read = Read(model.Transform(Data(rows)), (_, _) => (asks = random.Next(12) == 0 ? !asks : asks));

        Assert.Equal(rows.Select(Describe), read.Select(r => r.Source));
        Assert.All(Expected(rows).Zip(read), row => Assert.True(row.Second.Scores is null || row.Second.Scores == row.First));
        Assert.Contains(read, r => r.Scores is null);
    }

    [Fact]
    public void MoveNext_BytesColumn_EqualsPaths()
    {
        List<MixedRow> rows = Rows(40, seed: 8);
        using var model = Model(new ApplyImageClassifierOptions { ImageColumnName = "Image" });
        IDataView scored = model.Transform(Data(rows));

        Assert.Equal(Expected(rows), Read(scored, (_, _) => true).Select(r => r.Scores));
        Assert.Equal(rows.Select(r => r.Image), scored.GetColumn<byte[]>("Image"));
    }

    [Fact]
    public void GetGetter_ColumnSubsets_ReadNothingElse()
    {
        var view = new RecordedView(Data(Rows(40, seed: 2)));
        using var model = Model();
        IDataView scored = model.Transform(view);

        Assert.Equal(40, scored.GetColumn<int>("Number").Count());
        Assert.Equal(["Number"], view.Reads.Keys);
        view.Reads.Clear();
        Assert.Equal(40, scored.GetColumn<uint>("PredictedLabel").Count());
        Assert.Equal(new Dictionary<string, int> { ["ImagePath"] = 40 }, view.Reads);
        Assert.Equal(0, view.Open);
    }

    [Fact]
    public void GetGetter_ActiveButNeverAsked_DecodesNothingAndRunsNotAhead()
    {
        var view = new RecordedView(Data(Rows(40, seed: 2)));
        using var model = Model(new ApplyImageClassifierOptions { Unreadable = UnreadableImages.Throw });
        IDataView scored = model.Transform(view);
        using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema);
        ValueGetter<int> number = cursor.GetGetter<int>(scored.Schema["Number"]);
        cursor.GetGetter<uint>(scored.Schema["PredictedLabel"]);
        int value = 0;

        for (int i = 0; cursor.MoveNext(); i++)
        {
            number(ref value);
            Assert.Equal((i, i + 1), (value, view.Moved));
        }

        Assert.DoesNotContain("ImagePath", view.Reads.Keys);
    }

    [Fact]
    public void MoveNext_FirstRows_RunAheadByTwoBatchesAtMost()
    {
        var view = new RecordedView(Data(Rows(200, seed: 4)));
        using var model = Model();
        IDataView scored = model.Transform(view);
        using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema);
        ValueGetter<uint> label = cursor.GetGetter<uint>(scored.Schema["PredictedLabel"]);
        uint value = 0;

        for (int row = 0; cursor.MoveNext(); row++)
        {
            label(ref value);
            Assert.InRange(view.Moved, row + 1, row == 0 ? 1 : row < 5 ? 5 : row + (2 * BatchSize));
        }

        Assert.Equal(200, view.Moved);
    }

    [Fact]
    public void MoveNext_SourceFails_FailsAtThatRow()
    {
        using var model = Model();
        IDataView scored = model.Transform(new RecordedView(Data(Rows(60, seed: 5))) { FailingMove = 30 });
        var read = new List<ReadRow>();

        Assert.Throws<TimeoutException>(() => Read(scored, (_, _) => true, read));

        Assert.Equal(30, read.Count);
    }

    [Theory]
    [InlineData("Number")]
    [InlineData("ImagePath")]
    public void GetGetter_SourceValueFails_FailsForWhoAsksForIt(string column)
    {
        List<MixedRow> rows = Rows(60, seed: 6);
        using var model = Model();
        IDataView scored = model.Transform(new RecordedView(Data(rows)) { FailingRow = 30, FailingColumn = column });
        var read = new List<ReadRow>();

        var error = Assert.Throws<FormatException>(() => Read(scored, (_, _) => true, read));

        Assert.Equal("row 30 fails", error.Message);
        Assert.Equal(30, read.Count);
        if (column == "Number")
        {
            Assert.Equal(60, scored.GetColumn<uint>("PredictedLabel").Count());
        }
    }

    [Fact]
    public void GetGetter_UnreadableAndThrow_NamesTheRow()
    {
        List<MixedRow> rows = [.. Rows(60, seed: 7).Select(r => r with { ImagePath = colors.List()[0].ImagePath })];
        rows[33] = rows[33] with { ImagePath = "no such file" };
        using var model = Model(new ApplyImageClassifierOptions { Unreadable = UnreadableImages.Throw });
        var read = new List<ReadRow>();

        var error = Assert.Throws<InvalidDataException>(() => Read(model.Transform(Data(rows)), (_, _) => true, read));

        Assert.StartsWith("Row 33: the image 'no such file' cannot be read:", error.Message);
        Assert.Equal(33, read.Count);
    }

    [Fact]
    public void Dispose_InTheMiddle_ClosesTheSource()
    {
        var view = new RecordedView(Data(Rows(200, seed: 9)));
        using var model = Model();
        IDataView scored = model.Transform(view);
        DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema);
        ValueGetter<uint> label = cursor.GetGetter<uint>(scored.Schema["PredictedLabel"]);
        uint value = 0;
        for (int i = 0; i < 30 && cursor.MoveNext(); i++)
        {
            label(ref value);
        }

        cursor.Dispose();
        cursor.Dispose();

        Assert.Equal(0, view.Open);
        Assert.Throws<ObjectDisposedException>(() => cursor.MoveNext());
        Assert.Throws<ObjectDisposedException>(() => label(ref value));
    }

    [Fact]
    public void GetRowCursor_TwoAtOnce_DoNotDisturbEachOther()
    {
        List<MixedRow> rows = Rows(50, seed: 10);
        using var model = Model();
        IDataView scored = model.Transform(Data(rows));
        DataViewSchema.Column score = scored.Schema["Score"];
        using DataViewRowCursor first = scored.GetRowCursor([score]);
        using DataViewRowCursor second = scored.GetRowCursor([score]);
        (ValueGetter<VBuffer<float>> a, ValueGetter<VBuffer<float>> b) = (first.GetGetter<VBuffer<float>>(score), second.GetGetter<VBuffer<float>>(score));
        string[] expected = [.. Expected(rows)];
        VBuffer<float> value = default;

        for (int i = 0; i < rows.Count; i++)
        {
            Assert.True(first.MoveNext());
            a(ref value);
            Assert.Equal(expected[i], Text(value));
            if (i >= 7)
            {
                Assert.True(second.MoveNext());
                b(ref value);
                Assert.Equal(expected[i - 7], Text(value));
            }
        }
    }

    [Fact]
    public void GetGetter_BeforeTheFirstAndAfterTheLastRow_Throws()
    {
        using var model = Model();
        IDataView scored = model.Transform(Data(Rows(3, seed: 11)));
        using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema);
        ValueGetter<uint> label = cursor.GetGetter<uint>(scored.Schema["PredictedLabel"]);
        uint value = 0;

        Assert.Throws<InvalidOperationException>(() => label(ref value));
        while (cursor.MoveNext())
        {
            label(ref value);
        }

        Assert.False(cursor.MoveNext());
        Assert.Throws<InvalidOperationException>(() => label(ref value));
    }

    [Fact]
    public void Transform_PixelsOfManyRows_AreThoseOfEachImage()
    {
        List<MixedRow> rows = Rows(40, seed: 12);
        var spec = MLClassify.PreprocessingSpec.ImageNet(32);
        foreach (PixelLayout layout in Enum.GetValues<PixelLayout>())
        {
            using var model = colors.Context.Transforms.NormalizeImageNet(new NormalizeImageNetOptions { Preprocessing = spec, Layout = layout }).Fit(Data(rows));

            string[] one = [.. rows.Select(row => model.Transform(Data([row])).GetColumn<float[]>("Pixels").Select(Text).Single())];

            Assert.Equal(one, model.Transform(Data(rows)).GetColumn<float[]>("Pixels").Select(Text));
        }
    }

    private ImageClassifierTransformer Model(ApplyImageClassifierOptions? options = null) =>
        (ImageClassifierTransformer)colors.Context.Transforms.ApplyImageClassifier(Classifier, options ?? new()).Fit(Data(Rows(1, seed: 0)));

    private IDataView Data(IEnumerable<MixedRow> rows) => colors.Context.Data.LoadFromEnumerable(rows);

    private List<MixedRow> Rows(int count, int seed)
    {
        List<LabeledRow> images = colors.List();
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            LabeledRow image = images[random.Next(images.Count)];
            bool isReadable = random.Next(5) > 0;
            return new MixedRow
            {
                ImagePath = isReadable ? image.ImagePath : random.Next(2) == 0 ? "" : "no such file",
                Image = isReadable ? image.Image : [1, 2, 3],
                Number = i,
                Word = new string((char)('a' + random.Next(26)), random.Next(4)),
                Numbers = new VBuffer<float>(20, 2, [i, -i], [random.Next(10), 10 + random.Next(10)]),
                Words = [.. Enumerable.Range(0, random.Next(4)).Select(k => $"{i} {k}")],
                Key = (uint)random.Next(5),
                Moment = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Unspecified).AddDays(i),
            };
        })];
    }

    private IEnumerable<string> Expected(List<MixedRow> rows) => Classifier.Predict(rows.Select(r => r.ImagePath.Length == 0 ? "none" : r.ImagePath))
        .Select(p => p.Prediction is { } prediction ? Text(prediction.Scores) : "NaN NaN NaN");

    private static List<ReadRow> Read(IDataView scored, Func<int, long, bool> asks, List<ReadRow>? into = null)
    {
        List<ReadRow> rows = into ?? [];
        using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema);
        ValueGetter<VBuffer<float>> scores = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
        ValueGetter<uint> label = cursor.GetGetter<uint>(scored.Schema["PredictedLabel"]);
        Func<string> source = SourceOf(cursor);
        ValueGetter<DataViewRowId> ids = cursor.GetIdGetter();
        (VBuffer<float> values, uint key, DataViewRowId id) = (default, 0, default);
        while (cursor.MoveNext())
        {
            string? text = null;
            if (asks(rows.Count, cursor.Position))
            {
                scores(ref values);
                label(ref key);
                text = Text(values);
                float[] dense = [.. values.DenseValues()];
                Assert.Equal(float.IsNaN(dense[0]) ? 0 : Array.IndexOf(dense, dense.Max()) + 1, (int)key);
            }

            ids(ref id);
            Assert.Equal((ulong)cursor.Position, id.Low);
            Assert.Contains(cursor.Batch, new[] { 0, cursor.Position / 7 });
            rows.Add(new ReadRow(source(), cursor.Position, text));
        }

        return rows;
    }

    private static Func<string> SourceOf(DataViewRowCursor cursor)
    {
        ValueGetter<T> Get<T>(string name) => cursor.GetGetter<T>(cursor.Schema[name]);
        var path = Get<ReadOnlyMemory<char>>("ImagePath");
        var image = Get<VBuffer<byte>>("Image");
        var number = Get<int>("Number");
        var word = Get<ReadOnlyMemory<char>>("Word");
        var numbers = Get<VBuffer<float>>("Numbers");
        var words = Get<VBuffer<ReadOnlyMemory<char>>>("Words");
        var key = Get<uint>("Key");
        var moment = Get<DateTime>("Moment");
        var row = new MixedRow();
        (ReadOnlyMemory<char> text, VBuffer<byte> bytes, int n, VBuffer<float> floats, VBuffer<ReadOnlyMemory<char>> texts, uint k, DateTime time) = (default, default, 0, default, default, 0, default);
        return () =>
        {
            path(ref text);
            string pathText = text.ToString();
            image(ref bytes);
            number(ref n);
            word(ref text);
            numbers(ref floats);
            words(ref texts);
            key(ref k);
            moment(ref time);
            return Describe(new MixedRow
            {
                ImagePath = pathText,
                Image = [.. bytes.DenseValues()],
                Number = n,
                Word = text.ToString(),
                Numbers = floats,
                Words = [.. texts.DenseValues().Select(t => t.ToString())],
                Key = k - 1,
                Moment = time,
            });
        };
    }

    private static string Describe(MixedRow row) =>
        FormattableString.Invariant($"{row.ImagePath}|{row.Image.Length}|{row.Number}|{row.Word}|{Text(row.Numbers)}|{string.Join(';', row.Words)}|{row.Key}|{row.Moment:s}");

    private static string Text(VBuffer<float> values) => Text(values.DenseValues());

    private static string Text(IEnumerable<float> values) => string.Join(' ', values.Select(v => FormattableString.Invariant($"{v:R}")));

    private sealed record ReadRow(string Source, long Position, string? Scores);

    private sealed record MixedRow
    {
        public string ImagePath { get; init; } = "";

        public byte[] Image { get; init; } = [];

        public int Number { get; init; }

        public string Word { get; init; } = "";

        [VectorType(20)]
        public VBuffer<float> Numbers { get; init; }

        public string[] Words { get; init; } = [];

        [KeyType(5)]
        public uint Key { get; init; }

        public DateTime Moment { get; init; }
    }
}
