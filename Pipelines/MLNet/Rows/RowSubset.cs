using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLClassify.MLNet;

/// <summary>
/// Some rows of data. One cursor counts them; the cursors of a set, into which the source splits, know them by identity. Our own transformers gain
/// nothing by a set, because they decode ahead anyway; ML.NET's do, which work row by row.
/// </summary>
/// <param name="source">The data, which gives the same rows in the same order each time.</param>
/// <param name="drawn">Which were drawn.</param>
/// <param name="keeps">Whether those are kept that were drawn, or the others.</param>
internal sealed class RowSubset(IDataView source, DrawnRows drawn, bool keeps) : IDataView
{
    /// <summary>Some rows of data, by their number: one cursor, however many are asked for.</summary>
    /// <param name="source">The data, which gives the same rows in the same order each time.</param>
    /// <param name="rows">Which rows are kept.</param>
    public RowSubset(IDataView source, bool[] rows)
        : this(source, new DrawnRows(rows, ById: null), keeps: true)
    {
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => drawn.ByNumber.LongCount(row => row == keeps);

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        int row = -1;
        return new Cursor(source.GetRowCursor(columnsNeeded), () => ++row < drawn.ByNumber.Length && drawn.ByNumber[row] == keeps);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => drawn.ById is not { } drawnById || n <= 1
        ? [GetRowCursor(columnsNeeded)]
        : [.. source.GetRowCursorSet(columnsNeeded, n).Select(rows => new Cursor(rows, ById(rows, drawnById)))];

    private Func<bool> ById(DataViewRowCursor rows, IReadOnlyDictionary<DataViewRowId, bool> drawnById)
    {
        ValueGetter<DataViewRowId> get = rows.GetIdGetter();
        DataViewRowId id = default;
        return () =>
        {
            get(ref id);
            return drawnById.TryGetValue(id, out bool isDrawn) && isDrawn == keeps;
        };
    }

    /// <summary>Passes over what is not kept.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="isKept">Asked once for each row, in order.</param>
    private sealed class Cursor(DataViewRowCursor rows, Func<bool> isKept) : DataViewRowCursor
    {
        private long _position = -1;

        public override long Position => _position;

        public override long Batch => rows.Batch;

        public override DataViewSchema Schema => rows.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => rows.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => rows.GetGetter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => rows.GetIdGetter();

        public override bool MoveNext()
        {
            while (rows.MoveNext())
            {
                if (isKept())
                {
                    _position++;
                    return true;
                }
            }

            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                rows.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
