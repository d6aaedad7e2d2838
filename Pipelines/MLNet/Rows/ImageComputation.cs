using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLClassify.Imaging;
using MLClassify.Models;
using MLClassify.Preprocessing;

namespace MLClassify.MLNet;

/// <summary>The numbers that were computed for a row.</summary>
internal interface IRowValues
{
    /// <summary>Those of the current row, valid until it moves; empty where the image cannot be read and that is allowed.</summary>
    /// <exception cref="InvalidDataException">It cannot be read, and <see cref="UnreadableImages.Throw"/> was chosen.</exception>
    ReadOnlySpan<float> Current();
}

/// <summary>
/// What a transformer computes from images: numbers, from which its columns are made. Images are prepared on any thread; then one batch
/// after the other is computed.
/// </summary>
internal abstract class ImageComputation
{
    /// <summary>Rows that are computed together: as many as in <see cref="ImageClassifier"/>'s batches.</summary>
    public const int BatchSize = 16;

    private readonly Stack<WindowBuffers> _kept = [];
    private readonly Stack<WindowBuffers> _keptForFew = [];
    private long _unreadable;

    /// <summary>Both sides of a prepared image.</summary>
    public abstract int Size { get; }

    /// <summary>How many numbers an image gives; 0 where the prepared image is the result.</summary>
    public abstract int OutputLength { get; }

    /// <summary>Rows so far whose image could not be read.</summary>
    public long Unreadable => Interlocked.Read(ref _unreadable);

    /// <summary>Whose log says how many rows had no readable image; nobody's when null.</summary>
    public IHostEnvironment? Environment { get; set; }

    /// <summary>Tells the log, when data was read.</summary>
    /// <param name="rows">How many rows had no readable image.</param>
    public void Report(int rows)
    {
        if (rows > 0)
        {
            Warn(MessageSensitivity.None, FormattableString.Invariant($"{rows} rows have images that cannot be read: what is computed of them is missing (NaN), and evaluations leave them out."));
        }
    }

    /// <summary>Gives the log a warning.</summary>
    /// <param name="sensitivity">Whether it has names from the data in it.</param>
    /// <param name="message">The warning.</param>
    public void Warn(MessageSensitivity sensitivity, string message)
    {
        if (Environment is { } environment)
        {
            using IChannel messages = environment.Register("MLClassify").Start("Transform");
            messages.Warning(sensitivity, message);
        }
    }

    /// <summary>Counts a row whose image could not be read.</summary>
    public void CountUnreadable() => Interlocked.Increment(ref _unreadable);

    /// <summary>Writes the network's input.</summary>
    public abstract void Prepare(Image image, Span<float> input);

    /// <summary>Computes a batch; not called where <see cref="OutputLength"/> is 0.</summary>
    public abstract void Compute(ReadOnlySpan<float> inputs, Span<float> outputs);

    /// <summary>The numbers of one image, without a batch.</summary>
    public abstract float[] ComputeOne(Image image);

    /// <summary>The getter (<see cref="ValueGetter{TValue}"/>) of an added column.</summary>
    /// <param name="added">The column's position among the added ones.</param>
    /// <param name="row">Has the current row's numbers.</param>
    public abstract Delegate Getter(int added, IRowValues row);

    /// <summary>Lends memory for rows of a cursor.</summary>
    /// <param name="rows">How many, at most <see cref="BatchSize"/>.</param>
    public WindowBuffers Rent(int rows)
    {
        bool areFew = rows <= WindowBuffers.Few;
        lock (_kept)
        {
            return (areFew ? _keptForFew : _kept).TryPop(out WindowBuffers? kept)
                ? kept
                : new WindowBuffers(areFew ? WindowBuffers.Few : BatchSize, Size, OutputLength);
        }
    }

    /// <summary>Takes memory back; that of one cursor is kept for the next.</summary>
    public void Return(WindowBuffers buffers)
    {
        lock (_kept)
        {
            Stack<WindowBuffers> kept = buffers.Capacity == BatchSize ? _kept : _keptForFew;
            if (kept.Count < LookaheadCursor.Windows)
            {
                kept.Push(buffers);
            }
        }
    }

    /// <summary>A getter of a vector with all the numbers; NaN where there are none.</summary>
    protected static ValueGetter<VBuffer<float>> VectorGetter(int length, IRowValues row) => (ref VBuffer<float> value) =>
    {
        ReadOnlySpan<float> values = row.Current();
        VBufferEditor<float> editor = VBufferEditor.Create(ref value, length);
        if (values.IsEmpty)
        {
            editor.Values.Fill(float.NaN);
        }
        else
        {
            values.CopyTo(editor.Values);
        }

        value = editor.Commit();
    };
}

/// <summary>Applies a network.</summary>
/// <param name="size">Both sides of its input.</param>
/// <param name="outputLength">The length of its output.</param>
/// <param name="predictor">Gives what runs it, or throws where it is disposed.</param>
internal abstract class NetworkComputation(int size, int outputLength, Func<Predictor> predictor) : ImageComputation
{
    private static readonly IReadOnlyList<ImageView> Views = ImageView.For(TestTimeViews.None);

    public override int Size => size;

    public override int OutputLength => outputLength;

    public override void Prepare(Image image, Span<float> input) => predictor().Prepare(image, Views, input);

    public override void Compute(ReadOnlySpan<float> inputs, Span<float> outputs) => predictor().Predict(inputs, Views.Count, outputs);

    public override float[] ComputeOne(Image image) => predictor().Predict(image, Views);
}
