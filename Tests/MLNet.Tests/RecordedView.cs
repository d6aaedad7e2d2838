using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLClassify.MLNet.Tests;

/// <summary>Data that notes how it is read, and can fail where a test says so.</summary>
internal sealed class RecordedView(IDataView source) : IDataView
{
    /// <summary>Rows that the last cursor has moved to.</summary>
    public int Moved { get; private set; }

    /// <summary>Cursors that are not disposed.</summary>
    public int Open { get; private set; }

    /// <summary>Reads of each column's value.</summary>
    public Dictionary<string, int> Reads { get; } = [];

    /// <summary>The row that moving to fails.</summary>
    public int FailingMove { get; init; } = -1;

    /// <summary>The row whose value in <see cref="FailingColumn"/> cannot be read.</summary>
    public int FailingRow { get; init; } = -1;

    public string? FailingColumn { get; init; }

    /// <summary>Whether all rows have the same identity, as of data that keeps no order.</summary>
    public bool HasOneId { get; init; }

    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        Moved = 0;
        Open++;
        return new Cursor(this, source.GetRowCursor(columnsNeeded, rand));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(RecordedView view, DataViewRowCursor rows) : DataViewRowCursor
    {
        private bool _isDisposed;

        public override DataViewSchema Schema => rows.Schema;

        public override long Position => rows.Position;

        public override long Batch => rows.Position / 7;

        public override bool IsColumnActive(DataViewSchema.Column column) => rows.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => view.HasOneId ? (ref DataViewRowId id) => id = default : rows.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            ValueGetter<TValue> getter = rows.GetGetter<TValue>(column);
            return (ref TValue value) =>
            {
                if (column.Name == view.FailingColumn && rows.Position == view.FailingRow)
                {
                    throw new FormatException($"row {rows.Position} fails");
                }

                view.Reads[column.Name] = view.Reads.GetValueOrDefault(column.Name) + 1;
                getter(ref value);
            };
        }

        public override bool MoveNext()
        {
            if (view.Moved == view.FailingMove)
            {
                throw new TimeoutException($"there is no row {view.Moved}");
            }

            bool isThere = rows.MoveNext();
            view.Moved += isThere ? 1 : 0;
            return isThere;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_isDisposed)
            {
                _isDisposed = true;
                view.Open--;
                rows.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
