using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLClassify.MLNet;

/// <summary>
/// Adds to every row what is computed from its image: a path (text), an image file's content (a vector of bytes), or an <c>MLImage</c>.
/// Nothing is computed before a getter is called. Who reads data to the end gets rows that were decoded ahead, on the thread pool, and
/// computed in batches; a single row, as of a prediction engine, is computed on the calling thread. Any number of threads may read.
/// </summary>
public abstract class ImageTransformer : ITransformer, IDisposable
{
    private protected ImageTransformer(string imageColumnName, UnreadableImages unreadable)
    {
        ImageColumnName = imageColumnName;
        Unreadable = unreadable;
    }

    /// <summary>The column with the images.</summary>
    public string ImageColumnName { get; }

    /// <summary>How a row whose image cannot be read is handled.</summary>
    public UnreadableImages Unreadable { get; }

    bool ITransformer.IsRowToRowMapper => true;

    /// <summary>Whose log says how many rows had no readable image.</summary>
    internal IHostEnvironment? Environment
    {
        set => Computation.Environment = value;
    }

    /// <summary>Rows read so far whose image could not be read, counted as often as they were read.</summary>
    internal long UnreadableRows => Computation.Unreadable;

    /// <summary>The columns that an input of these columns is given.</summary>
    /// <param name="inputSchema">The input's columns.</param>
    /// <exception cref="ArgumentException">There is no column with the images, or it holds something else.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;

    /// <summary>Adds the columns. Nothing is computed before somebody reads them.</summary>
    /// <param name="input">The data.</param>
    /// <exception cref="ArgumentException">There is no column with the images, or it holds something else.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Inspect(input.Schema);
        return new MappedDataView(input, Bind(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Bind(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ModelArchive.Save(ctx, Describe());
    }

    /// <summary>Frees the network's memory and threads; rows cannot be computed any more.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the transformer owns.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> was called.</param>
    protected virtual void Dispose(bool disposing)
    {
    }

    /// <summary>Looks at the columns of data before it is transformed, for what the log should say of them.</summary>
    private protected virtual void Inspect(DataViewSchema input)
    {
    }

    /// <summary>The columns that are added to an input of these columns.</summary>
    private protected abstract IEnumerable<DataViewSchema.DetachedColumn> AddedColumns(DataViewSchema input);

    /// <summary>What they are made of.</summary>
    private protected abstract ImageComputation Computation { get; }

    /// <summary>What a file must hold to make this transformer again.</summary>
    private protected abstract ArchivedTransformer Describe();

    private RowBinding Bind(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        DataViewSchema.Column image = ImageColumns.Find(inputSchema, ImageColumnName);
        return new RowBinding(inputSchema, image, AddedColumns(inputSchema), Computation, Unreadable);
    }
}
