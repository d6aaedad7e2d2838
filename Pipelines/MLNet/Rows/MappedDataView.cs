using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLClassify.MLNet;

/// <summary>The input with the added columns. Nothing is computed before a cursor asks for it.</summary>
internal sealed class MappedDataView(IDataView input, RowBinding binding) : IDataView
{
    public bool CanShuffle => input.CanShuffle;

    public DataViewSchema Schema => binding.OutputSchema;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = new ActiveColumns(binding, columnsNeeded);
        return Cursor(input.GetRowCursor(binding.Dependencies(active), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var active = new ActiveColumns(binding, columnsNeeded);
        return [.. input.GetRowCursorSet(binding.Dependencies(active), n, rand).Select(cursor => Cursor(cursor, active))];
    }

    private DataViewRowCursor Cursor(DataViewRowCursor cursor, ActiveColumns active) => active.AnyAdded && LookaheadCursor.CanRead(binding, active)
        ? new LookaheadCursor(cursor, binding, active)
        : new MappedCursor(cursor, binding, active);

    private sealed class MappedCursor(DataViewRowCursor input, RowBinding binding, ActiveColumns active) : DataViewRowCursor
    {
        private readonly MappedRow _row = new(input, binding, active, inBatches: true);

        public override DataViewSchema Schema => _row.Schema;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override bool MoveNext() => input.MoveNext();

        public override ValueGetter<DataViewRowId> GetIdGetter() => _row.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => _row.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _row.GetGetter<TValue>(column);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _row.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
