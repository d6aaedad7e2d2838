using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Runtime;

namespace MLClassify.MLNet;

/// <summary>The input with the added columns. Nothing is computed before a cursor asks for it.</summary>
/// <remarks>
/// It stands in ML.NET's list of transforms for one reason: <c>ConvertToOnnx</c> walks back over that list, and ends without a word, with a
/// graph of nothing, where a view is not in it.
/// </remarks>
internal sealed class MappedDataView(IDataView input, RowBinding binding) : ITransformCanSaveOnnx
{
    private const int ManyPasses = 3;

    private const string HowToExport =
        "ConvertToOnnx cannot write what MLClassify computes of images. Write the network by itself: ImageClassifierTransformer.Classifier.ExportOnnx(path), and score the file by ApplyOnnxModel.";

    private int _passes;

    IDataView IDataTransform.Source => input;

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

    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => throw new NotSupportedException(HowToExport);

    void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx) => throw new NotSupportedException(HowToExport);

    // The transformer is what is saved, not its view of some data.
    void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException("A view of data is no model; save the transformer.");

    private DataViewRowCursor Cursor(DataViewRowCursor cursor, ActiveColumns active) => active.AnyAdded && LookaheadCursor.CanRead(binding, active)
        ? new LookaheadCursor(cursor, binding, active, CountPass)
        : new MappedCursor(cursor, binding, active);

    // Trainers that read repeatedly have all images computed in every pass, which nobody sees but by the time it takes.
    private void CountPass()
    {
        if (Interlocked.Increment(ref _passes) == ManyPasses)
        {
            binding.Computation.Warn(MessageSensitivity.None,
                "The images of this data have been decoded and computed three times, and will be in every further pass: AppendCacheCheckpoint(context) behind this step of the pipeline, or context.Data.Cache, keeps what was computed.");
        }
    }

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
