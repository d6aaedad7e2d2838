using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLClassify.MLNet.Tests;

public sealed class ImageListViewTests
{
    [Theory]
    [InlineData(0, 4, 1)]
    [InlineData(1, 4, 1)]
    [InlineData(ImageListView.BlockRows, 4, 1)]
    [InlineData(ImageListView.BlockRows + 1, 4, 2)]
    [InlineData((3 * ImageListView.BlockRows) - 1, 2, 2)]
    [InlineData(10 * ImageListView.BlockRows, 3, 3)]
    public void GetRowCursorSet_AnyNumber_CoversEveryRowOnce(int rows, int wanted, int expected)
    {
        ImageListView view = View(rows);

        DataViewRowCursor[] cursors = view.GetRowCursorSet(view.Schema, wanted);
        List<(long Batch, long Order, string Path, uint Key, ulong Id)> read = [.. cursors.SelectMany(Read)];

        Assert.Equal(expected, cursors.Length);
        Assert.Equal(Enumerable.Range(0, rows).Select(i => ($"{i}", (uint)i % 3, (ulong)i)), read.OrderBy(r => r.Batch).ThenBy(r => r.Order).Select(r => (r.Path, r.Key, r.Id)));
        Assert.All(read.GroupBy(r => r.Id), row => Assert.Single(row));
    }

    [Fact]
    public void GetRowCursor_Alone_KeepsTheOrder()
    {
        ImageListView view = View(100);

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), view.GetColumn<string>("ImagePath"));
        Assert.Equal(100, view.GetRowCount());
    }

    [Fact]
    public void GetGetter_ColumnNotAskedForOrOfAnotherType_Throws()
    {
        ImageListView view = View(2);
        using DataViewRowCursor cursor = view.GetRowCursor([view.Schema["Label"]]);

        Assert.False(cursor.IsColumnActive(view.Schema["ImagePath"]));
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["ImagePath"]));
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<int>(view.Schema["Label"]));
    }

    [Fact]
    public void GetRowCursorSet_FolderWithScores_GivesThoseOfOneCursor()
    {
        using var colors = new ColorImageFolder(perClass: 30);
        var context = new MLContext(seed: 1);
        IDataView images = context.Data.LoadImageFolder(colors.Root);
        using var model = context.Transforms.NormalizeImageNet(new NormalizeImageNetOptions { Preprocessing = MLClassify.PreprocessingSpec.ImageNet(8) }).Fit(images);
        IDataView pixels = model.Transform(images);
        DataViewSchema.Column[] columns = [pixels.Schema["ImagePath"], pixels.Schema["Pixels"]];
        DataViewRowCursor[] cursors = pixels.GetRowCursorSet(columns, n: 4);
        var found = new System.Collections.Concurrent.ConcurrentDictionary<string, float>();

        Assert.Equal(3, cursors.Length);
        Parallel.ForEach(cursors, cursor =>
        {
            using (cursor)
            {
                ValueGetter<ReadOnlyMemory<char>> path = cursor.GetGetter<ReadOnlyMemory<char>>(columns[0]);
                ValueGetter<VBuffer<float>> values = cursor.GetGetter<VBuffer<float>>(columns[1]);
                (ReadOnlyMemory<char> name, VBuffer<float> numbers) = (default, default);
                while (cursor.MoveNext())
                {
                    path(ref name);
                    values(ref numbers);
                    Assert.True(found.TryAdd(name.ToString(), numbers.GetItemOrDefault(0)));
                }
            }
        });

        Assert.Equal(
            pixels.GetColumn<string>("ImagePath").Zip(pixels.GetColumn<float[]>("Pixels"), (p, v) => (p, v[0])).Order(), found.Select(f => (f.Key, f.Value)).Order());
    }

    private static IEnumerable<(long Batch, long Order, string Path, uint Key, ulong Id)> Read(DataViewRowCursor cursor)
    {
        using (cursor)
        {
            ValueGetter<ReadOnlyMemory<char>> path = cursor.GetGetter<ReadOnlyMemory<char>>(cursor.Schema["ImagePath"]);
            ValueGetter<uint> key = cursor.GetGetter<uint>(cursor.Schema["Label"]);
            ValueGetter<DataViewRowId> id = cursor.GetIdGetter();
            (ReadOnlyMemory<char> text, uint label, DataViewRowId row) = (default, 0, default);
            for (long position = 0; cursor.MoveNext(); position++)
            {
                path(ref text);
                key(ref label);
                id(ref row);
                Assert.Equal(position, cursor.Position);
                yield return (cursor.Batch, cursor.Position, text.ToString(), label, row.Low);
            }

            Assert.False(cursor.MoveNext());
        }
    }

    private static ImageListView View(int rows)
    {
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("ImagePath", TextDataViewType.Instance);
        schema.AddColumn("Label", new KeyDataViewType(typeof(uint), 3));
        return new ImageListView(schema.ToSchema(), [.. Enumerable.Range(0, rows).Select(i => $"{i}")], [.. Enumerable.Range(0, rows).Select(i => (uint)i % 3)]);
    }
}
