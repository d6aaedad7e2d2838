using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLClassify.MLNet;

/// <summary>A row of the input with the added columns, which are computed when they are asked for.</summary>
/// <param name="input">The row; it may move on.</param>
/// <param name="binding">The columns.</param>
/// <param name="active">Those that somebody asked for.</param>
/// <param name="inBatches">
/// Whether the network that computes batches is used, as for all rows of data, so that each gets the same bits whichever columns are read.
/// </param>
internal sealed class MappedRow(DataViewRow input, RowBinding binding, ActiveColumns active, bool inBatches) : DataViewRow
{
    private readonly SingleRow? _values = active.AnyAdded ? new SingleRow(input, binding, inBatches) : null;

    public override DataViewSchema Schema => binding.OutputSchema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => active.IsActive(binding.Check(column).Index);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        int index = binding.CheckActive(column, active);
        return index < binding.InputSchema.Count ? input.GetGetter<TValue>(binding.InputSchema[index]) : binding.AddedGetter<TValue>(column, _values!);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            input.Dispose();
        }

        base.Dispose(disposing);
    }
}

/// <summary>The columns that somebody asked for.</summary>
internal sealed class ActiveColumns
{
    private readonly bool[] _isActive;

    public ActiveColumns(RowBinding binding, IEnumerable<DataViewSchema.Column> columns)
    {
        _isActive = new bool[binding.OutputSchema.Count];
        foreach (DataViewSchema.Column column in columns)
        {
            _isActive[binding.Check(column).Index] = true;
        }

        AnyAdded = _isActive.AsSpan(binding.InputSchema.Count).Contains(true);
    }

    /// <summary>Whether an added column is among them, so that images must be read.</summary>
    public bool AnyAdded { get; }

    public bool IsActive(int index) => _isActive[index];
}
