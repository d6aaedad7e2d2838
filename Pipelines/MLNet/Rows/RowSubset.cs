using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLClassify.MLNet;

/// <summary>Some rows of data, by their number.</summary>
/// <param name="source">The data, which gives the same rows in the same order each time.</param>
/// <param name="chosen">Whether a row is one of them.</param>
/// <param name="keeps">The value of <paramref name="chosen"/> that keeps a row.</param>
internal sealed class RowSubset(IDataView source, bool[] chosen, bool keeps) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => chosen.LongCount(row => row == keeps);

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(source.GetRowCursor(columnsNeeded), chosen, keeps);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor rows, bool[] chosen, bool keeps) : DataViewRowCursor
    {
        private int _row = -1;
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
                _row++;
                if (_row < chosen.Length && chosen[_row] == keeps)
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
