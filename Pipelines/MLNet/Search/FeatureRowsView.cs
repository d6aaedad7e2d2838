using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLClassify.MLNet;

/// <summary>Features in memory as data for trainers: <c>Features</c>, <c>Label</c>, and <c>ImagePath</c> where images have names.</summary>
/// <param name="features">The features of all images of a search.</param>
/// <param name="rows">Which of them, in this order.</param>
internal sealed class FeatureRowsView(SearchFeatures features, int[] rows) : IDataView
{
    public const string FeaturesName = "Features";
    public const string LabelName = "Label";
    public const string ImageName = "ImagePath";

    public bool CanShuffle => true;

    public DataViewSchema Schema { get; } = CreateSchema(features);

    public long? GetRowCount() => rows.Length;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        bool[] active = new bool[Schema.Count];
        foreach (DataViewSchema.Column column in columnsNeeded)
        {
            active[Check(column)] = true;
        }

        int[] order = [.. Enumerable.Range(0, rows.Length)];
        rand?.Shuffle(order);
        return new Cursor(this, active, order);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private static DataViewSchema CreateSchema(SearchFeatures features)
    {
        var names = new DataViewSchema.Annotations.Builder();
        features.KeyNames?.AddTo(names, KeyNames.Kind);
        var schema = new DataViewSchema.Builder();
        schema.AddColumn(FeaturesName, new VectorDataViewType(NumberDataViewType.Single, features.Length));
        schema.AddColumn(LabelName, new KeyDataViewType(typeof(uint), features.ClassNames.Count), names.ToAnnotations());
        schema.AddColumn(ImageName, TextDataViewType.Instance);
        return schema.ToSchema();
    }

    private int Check(DataViewSchema.Column column) => column.Index < Schema.Count && Schema[column.Index].Name == column.Name
        ? column.Index
        : throw new ArgumentOutOfRangeException(nameof(column), column.Name, "The column is not one of this schema.");

    private ReadOnlyMemory<char> Name(int row) => features.Names[rows[row]].AsMemory();

    private uint Key(int row) => (uint)features.Labels[rows[row]] + 1;

    private void CopyFeatures(int row, ref VBuffer<float> value)
    {
        VBufferEditor<float> editor = VBufferEditor.Create(ref value, features.Length);
        features[rows[row]].CopyTo(editor.Values);
        value = editor.Commit();
    }

    private sealed class Cursor(FeatureRowsView view, bool[] active, int[] order) : DataViewRowCursor
    {
        private int _row = -1;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => _row < view.GetRowCount() ? _row : -1;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            _row += _row < view.GetRowCount() ? 1 : 0;
            return _row < view.GetRowCount();
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active[view.Check(column)];

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new DataViewRowId((ulong)Current(), 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            int index = view.Check(column);
            Delegate getter = !active[index] ? throw new InvalidOperationException($"The column '{column.Name}' was not asked for when this cursor was made.")
                : index == 0 ? (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => view.CopyFeatures(Current(), ref value))
                : index == 1 ? (ValueGetter<uint>)((ref uint value) => value = view.Key(Current()))
                : (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = view.Name(Current()));
            return getter as ValueGetter<TValue>
                ?? throw new InvalidOperationException($"The column '{column.Name}' is {column.Type}; it cannot be read as {typeof(TValue).Name}.");
        }

        private int Current() => Position >= 0
            ? order[_row]
            : throw new InvalidOperationException("The cursor is at no row: there is none before the first call of MoveNext, and none after the last.");
    }
}
