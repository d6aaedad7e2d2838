using System.Runtime.ExceptionServices;
using MLClassify.Imaging;

namespace MLClassify.MLNet;

/// <summary>Some rows that a cursor has read ahead: where they stood, and what is computed from their images.</summary>
/// <param name="images">Reads the images.</param>
/// <param name="firstSlot">The slot of the first row.</param>
/// <param name="computation">What is computed.</param>
internal sealed class RowWindow(ImageInput images, int firstSlot, ImageComputation computation)
{
    private readonly long[] _positions = new long[ImageComputation.BatchSize];
    private readonly long[] _batches = new long[ImageComputation.BatchSize];
    private readonly Exception?[] _errors = new Exception?[ImageComputation.BatchSize];

    // A row's place among the readable ones, or -1.
    private readonly int[] _places = new int[ImageComputation.BatchSize];
    private WindowBuffers? _buffers;
    private SlotJob? _job;

    /// <summary>How many rows.</summary>
    public int Count { get; private set; }

    /// <summary>Whether <see cref="Compute"/> was called.</summary>
    public bool IsComputed { get; private set; }

    /// <summary>The slot of a row.</summary>
    public int Slot(int row) => firstSlot + row;

    public long Position(int row) => _positions[row];

    public long Batch(int row) => _batches[row];

    /// <summary>Forgets all rows; waits for images that are still worked on.</summary>
    public void Clear()
    {
        StopJob();
        (Count, IsComputed) = (0, false);
    }

    /// <summary>Adds a row, whose image was fetched.</summary>
    public void Add(long position, long batch)
    {
        _positions[Count] = position;
        _batches[Count] = batch;
        Count++;
    }

    /// <summary>Begins to decode and prepare the rows' images.</summary>
    public void Start()
    {
        if (_buffers is null || _buffers.Capacity < Count)
        {
            Release();
            _buffers = computation.Rent(Count);
        }

        _job = new SlotJob(Load, Count);
        _job.Start();
    }

    /// <summary>Waits for the images and computes.</summary>
    public void Compute()
    {
        _job!.Finish();
        WindowBuffers buffers = _buffers!;
        buffers.Inputs.Compact(Count);
        int readable = buffers.Inputs.Count;
        if (readable > 0 && computation.OutputLength > 0)
        {
            computation.Compute(buffers.Inputs.Pixels, buffers.Outputs.AsSpan(0, readable * computation.OutputLength));
        }

        Array.Fill(_places, -1);
        for (int i = 0; i < readable; i++)
        {
            _places[buffers.Inputs.Indices[i]] = i;
        }

        IsComputed = true;
    }

    /// <summary>The numbers of a row; empty where its image cannot be read and that is allowed.</summary>
    public ReadOnlySpan<float> Values(int row, UnreadableImages unreadable)
    {
        if (_errors[row] is { } error)
        {
            if (!ImageInput.IsUnreadable(error))
            {
                ExceptionDispatchInfo.Throw(error);
            }

            return unreadable == UnreadableImages.Missing ? [] : throw images.Unreadable(_positions[row], Slot(row), error);
        }

        int length = computation.OutputLength;
        ReadOnlySpan<float> all = length > 0 ? _buffers!.Outputs : _buffers!.Inputs.Pixels;
        length = length > 0 ? length : computation.Size * computation.Size * 3;
        return all.Slice(_places[row] * length, length);
    }

    /// <summary>Ends what is under way, and gives the memory back.</summary>
    public void Release()
    {
        StopJob();
        if (_buffers is { } buffers)
        {
            _buffers = null;
            computation.Return(buffers);
        }
    }

    private void StopJob()
    {
        _job?.Stop();
        _job = null;
    }

    private void Load(int row)
    {
        _errors[row] = null;
        try
        {
            Image image = images.Decode(Slot(row));
            try
            {
                computation.Prepare(image, _buffers!.Inputs.Slot(row));
            }
            finally
            {
                image.Return();
            }
        }
        catch (Exception error)
        {
            // It belongs to who asks for this row: an exception that leaves a thread ends the process.
            _errors[row] = error;
        }

        _buffers!.Inputs.Set(row, row, label: 0, loaded: _errors[row] is null);
    }
}
