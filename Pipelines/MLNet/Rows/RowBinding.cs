using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLClassify.MLNet;

/// <summary>A transformer bound to the schema of its input: which columns it adds, and what it reads for them.</summary>
internal sealed class RowBinding : IRowToRowMapper
{
    private readonly Func<DataViewRow, IRowOutput> _createOutput;
    private readonly DataViewSchema.Column _image;

    /// <summary>Binds.</summary>
    /// <param name="inputSchema">The input's columns.</param>
    /// <param name="image">The one with the images.</param>
    /// <param name="added">The columns that are added behind the input's.</param>
    /// <param name="createOutput">Makes what computes them for a row.</param>
    public RowBinding(
        DataViewSchema inputSchema, DataViewSchema.Column image, IEnumerable<DataViewSchema.DetachedColumn> added, Func<DataViewRow, IRowOutput> createOutput)
    {
        InputSchema = inputSchema;
        _image = image;
        _createOutput = createOutput;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        builder.AddColumns(added);
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public IRowOutput CreateOutput(DataViewRow input) => _createOutput(input);

    /// <summary>Refuses a column that is not one of the output's.</summary>
    public DataViewSchema.Column Check(DataViewSchema.Column column) =>
        column.Index < OutputSchema.Count && OutputSchema[column.Index].Name == column.Name
            ? column
            : throw new ArgumentOutOfRangeException(nameof(column), column.Name, "The column is not one of this schema.");

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        Dependencies(new ActiveColumns(this, dependingColumns));

    /// <summary>The input's columns that active ones need: themselves, and the images where any is added.</summary>
    public IEnumerable<DataViewSchema.Column> Dependencies(ActiveColumns active) =>
        InputSchema.Where(column => active.IsActive(column.Index) || (active.AnyAdded && column.Index == _image.Index));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Schema == InputSchema
            ? new MappedRow(input, this, new ActiveColumns(this, activeColumns))
            : throw new ArgumentException("The row has another schema than the one that this was made for.", nameof(input));
    }
}
