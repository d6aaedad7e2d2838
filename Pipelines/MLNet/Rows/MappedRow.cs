using Microsoft.ML;
using Microsoft.ML.Data;
using MLClassify.Preprocessing.Loading;

namespace MLClassify.MLNet;

/// <summary>Computes the added columns of one row, when they are asked for.</summary>
internal interface IRowOutput
{
    /// <summary>The getter (<see cref="ValueGetter{TValue}"/>) of an added column.</summary>
    /// <param name="added">The column's position among the added ones.</param>
    Delegate Getter(int added);
}

/// <summary>A row of the input with the added columns.</summary>
internal sealed class MappedRow(DataViewRow input, RowBinding binding, ActiveColumns active) : DataViewRow
{
    private readonly IRowOutput? _output = active.AnyAdded ? binding.CreateOutput(input) : null;

    public override DataViewSchema Schema => binding.OutputSchema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => active.IsActive(binding.Check(column).Index);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        int index = binding.Check(column).Index;
        if (!active.IsActive(index))
        {
            throw new InvalidOperationException($"The column '{column.Name}' was not asked for when this row was made.");
        }

        if (index < binding.InputSchema.Count)
        {
            return input.GetGetter<TValue>(binding.InputSchema[index]);
        }

        return _output!.Getter(index - binding.InputSchema.Count) as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"The column '{column.Name}' is {column.Type}; it cannot be read as {typeof(TValue).Name}.");
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
