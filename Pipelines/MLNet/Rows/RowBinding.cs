using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLClassify.MLNet;

/// <summary>A transformer bound to the schema of its input: which columns it adds, and what it reads for them.</summary>
internal sealed class RowBinding : IRowToRowMapper
{
    /// <summary>Binds.</summary>
    /// <param name="inputSchema">The input's columns.</param>
    /// <param name="image">The one with the images.</param>
    /// <param name="added">The columns that are added behind the input's.</param>
    /// <param name="computation">What they are made of.</param>
    /// <param name="unreadable">How a row whose image cannot be read is handled.</param>
    public RowBinding(
        DataViewSchema inputSchema,
        DataViewSchema.Column image,
        IEnumerable<DataViewSchema.DetachedColumn> added,
        ImageComputation computation,
        UnreadableImages unreadable)
    {
        (InputSchema, Image, Computation, Unreadable) = (inputSchema, image, computation, unreadable);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        builder.AddColumns(added);
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    /// <summary>The input's column with the images.</summary>
    public DataViewSchema.Column Image { get; }

    public ImageComputation Computation { get; }

    public UnreadableImages Unreadable { get; }

    /// <summary>The index of a column that somebody asked for.</summary>
    /// <exception cref="InvalidOperationException">Nobody did.</exception>
    public int CheckActive(DataViewSchema.Column column, ActiveColumns active) => active.IsActive(Check(column).Index)
        ? column.Index
        : throw new InvalidOperationException($"The column '{column.Name}' was not asked for when this row was made.");

    /// <summary>The getter of an added column.</summary>
    /// <exception cref="InvalidOperationException">It is of another type.</exception>
    public ValueGetter<TValue> AddedGetter<TValue>(DataViewSchema.Column column, IRowValues row) =>
        Computation.Getter(column.Index - InputSchema.Count, row) as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"The column '{column.Name}' is {column.Type}; it cannot be read as {typeof(TValue).Name}.");

    /// <summary>Refuses a column that is not one of the output's.</summary>
    public DataViewSchema.Column Check(DataViewSchema.Column column) =>
        column.Index < OutputSchema.Count && OutputSchema[column.Index].Name == column.Name
            ? column
            : throw new ArgumentOutOfRangeException(nameof(column), column.Name, "The column is not one of this schema.");

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        Dependencies(new ActiveColumns(this, dependingColumns));

    /// <summary>The input's columns that active ones need: themselves, and the images where any is added.</summary>
    public IEnumerable<DataViewSchema.Column> Dependencies(ActiveColumns active) =>
        InputSchema.Where(column => active.IsActive(column.Index) || (active.AnyAdded && column.Index == Image.Index));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Schema == InputSchema
            ? new MappedRow(input, this, new ActiveColumns(this, activeColumns), inBatches: false)
            : throw new ArgumentException("The row has another schema than the one that this was made for.", nameof(input));
    }
}
