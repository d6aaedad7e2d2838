using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLClassify.MLNet;

/// <summary>
/// A list of images as data: paths and keys. Several cursors share it by blocks of rows, each with its batch number, by which ML.NET brings
/// rows of several cursors back into order.
/// </summary>
internal sealed class ImageListView : IDataView
{
    /// <summary>Rows that go to the same cursor.</summary>
    internal const int BlockRows = 32;

    private readonly IReadOnlyList<string> _paths;
    private readonly uint[] _keys;

    /// <summary>Lists images.</summary>
    /// <param name="schema">The paths' column, then the classes'.</param>
    /// <param name="paths">The images.</param>
    /// <param name="keys">Their classes, counted from 1; 0 for a missing one.</param>
    public ImageListView(DataViewSchema schema, IReadOnlyList<string> paths, uint[] keys) => (Schema, _paths, _keys) = (schema, paths, keys);

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => _paths.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, Active(columnsNeeded), first: 0, cursors: 1);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        bool[] active = Active(columnsNeeded);
        int blocks = (_paths.Count + BlockRows - 1) / BlockRows;
        int cursors = Math.Clamp(n, 1, Math.Max(blocks, 1));
        return [.. Enumerable.Range(0, cursors).Select(first => new Cursor(this, active, first, cursors))];
    }

    private bool[] Active(IEnumerable<DataViewSchema.Column> columns)
    {
        bool[] active = new bool[Schema.Count];
        foreach (DataViewSchema.Column column in columns)
        {
            active[Check(column)] = true;
        }

        return active;
    }

    private int Check(DataViewSchema.Column column) => column.Index < Schema.Count && Schema[column.Index].Name == column.Name
        ? column.Index
        : throw new ArgumentOutOfRangeException(nameof(column), column.Name, "The column is not one of this schema.");

    /// <summary>Reads every block whose number leaves a certain remainder.</summary>
    private sealed class Cursor(ImageListView view, bool[] active, int first, int cursors) : DataViewRowCursor
    {
        private long _position = -1;
        private long _index = -1;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => _position;

        public override long Batch => cursors == 1 || _index < 0 ? 0 : _index / BlockRows;

        public override bool MoveNext()
        {
            if (_index >= view._paths.Count)
            {
                return false;
            }

            bool isNewBlock = (_index + 1) % BlockRows == 0;
            _index = _index < 0 ? (long)first * BlockRows : _index + 1 + (isNewBlock ? (cursors - 1L) * BlockRows : 0);
            bool isThere = _index < view._paths.Count;
            _position = isThere ? _position + 1 : -1;
            return isThere;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active[view.Check(column)];

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new DataViewRowId((ulong)Current(), 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            int index = view.Check(column);
            Delegate getter = !active[index] ? throw new InvalidOperationException($"The column '{column.Name}' was not asked for when this cursor was made.")
                : index == 0 ? (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = view._paths[Current()].AsMemory())
                : (ValueGetter<uint>)((ref uint value) => value = view._keys[Current()]);
            return getter as ValueGetter<TValue>
                ?? throw new InvalidOperationException($"The column '{column.Name}' is {column.Type}; it cannot be read as {typeof(TValue).Name}.");
        }

        private int Current() => _position >= 0
            ? (int)_index
            : throw new InvalidOperationException("The cursor is at no row: there is none before the first call of MoveNext, and none after the last.");
    }
}
