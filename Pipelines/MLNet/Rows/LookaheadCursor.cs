using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLClassify.MLNet;

/// <summary>
/// The input's rows with the added columns, whose images are decoded ahead, in parallel, and computed in batches. While nobody asks for an
/// added column, the input is read row by row. The first that is asked for is computed alone, then a few rows, then whole batches with the
/// next one decoded meanwhile; where rows are passed over, it begins anew. So what is computed in vain is little, and at most two batches.
/// </summary>
/// <remarks>The input's values of the rows ahead are kept, and its errors, each of which comes when its row is reached.</remarks>
internal sealed class LookaheadCursor : DataViewRowCursor, IRowValues
{
    /// <summary>How many windows a cursor has: the one that is read, and the one that is prepared.</summary>
    public const int Windows = 2;

    private readonly DataViewRowCursor _input;
    private readonly RowBinding _binding;
    private readonly ActiveColumns _active;
    private readonly ColumnBuffer?[] _columns;
    private readonly ColumnBuffer[] _others;
    private readonly ColumnBuffer<DataViewRowId> _ids;
    private readonly ImageInput _images;
    private readonly RowWindow[] _windows;

    // The window with the current row; null where the input stands at it.
    private RowWindow? _window;
    private RowWindow? _next;
    private int _row;
    private int _asked;
    private int _lastAsked = -1;
    private int _size = 1;
    private bool _hasRow;
    private bool _isAtEnd;
    private readonly Action? _onPass;
    private ExceptionDispatchInfo? _inputError;
    private int _unreadable;
    private bool _isCounted;
    private bool _isDisposed;

    /// <summary>Reads nothing yet.</summary>
    /// <param name="input">The input's rows.</param>
    /// <param name="binding">What is computed.</param>
    /// <param name="active">The columns that are asked for.</param>
    /// <param name="onPass">Called once all rows were computed, when they are at their end.</param>
    public LookaheadCursor(DataViewRowCursor input, RowBinding binding, ActiveColumns active, Action? onPass = null)
    {
        _onPass = onPass;
        const int Slots = Windows * ImageComputation.BatchSize;
        (_input, _binding, _active) = (input, binding, active);
        _images = ImageInput.Create(input, binding.Image, Slots);
        _columns = [.. binding.InputSchema.Select(column => !active.IsActive(column.Index) ? null
            : column.Index == binding.Image.Index ? _images.Buffer : ColumnBuffer.Create(input, column, Slots))];
        _others = [.. _columns.Where(column => column is not null && column != _images.Buffer)!];
        _ids = new ColumnBuffer<DataViewRowId>(input.GetIdGetter(), Slots);
        _windows = [.. Enumerable.Range(0, Windows).Select(i => new RowWindow(_images, i * ImageComputation.BatchSize, binding.Computation))];
    }

    public override DataViewSchema Schema => _binding.OutputSchema;

    public override long Position => _window is null ? _input.Position : _window.Position(_row);

    public override long Batch => _window is null ? _input.Batch : _window.Batch(_row);

    /// <summary>Whether rows of this data can be kept: those with objects in columns that are asked for must be read one by one.</summary>
    public static bool CanRead(RowBinding binding, ActiveColumns active) =>
        binding.InputSchema.All(column => !active.IsActive(column.Index) || ColumnBuffer.CanHold(column.Type));

    public override bool MoveNext()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_window is not null)
        {
            if (++_row < _window.Count)
            {
                return true;
            }

            LeaveWindow();
            if (_window is not null)
            {
                return true;
            }
        }

        _hasRow = false;
        _inputError?.Throw();
        _hasRow = !_isAtEnd && _input.MoveNext();
        if (!_hasRow && _size == ImageComputation.BatchSize && !_isCounted)
        {
            _isCounted = true;
            _onPass?.Invoke();
        }

        return _hasRow;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.IsActive(_binding.Check(column).Index);

    public override ValueGetter<DataViewRowId> GetIdGetter() => Getter(_ids);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        int index = _binding.CheckActive(column, _active);
        if (index >= _binding.InputSchema.Count)
        {
            return _binding.AddedGetter<TValue>(column, this);
        }

        // The input itself says what is wrong with another type.
        return _columns[index] is ColumnBuffer<TValue> buffer ? Getter(buffer) : _input.GetGetter<TValue>(_binding.InputSchema[index]);
    }

    ReadOnlySpan<float> IRowValues.Current()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!_hasRow)
        {
            throw new InvalidOperationException("The cursor is at no row: there is none before the first call of MoveNext, and none after the last.");
        }

        RowWindow window = _window ?? EnterWindow();
        if (!window.IsComputed)
        {
            if (_size == ImageComputation.BatchSize && _next is null)
            {
                RowWindow other = window == _windows[0] ? _windows[1] : _windows[0];
                _next = Fill(other, fromCurrent: false) ? other : null;
            }

            window.Compute();
        }

        ReadOnlySpan<float> values = window.Values(_row, _binding.Unreadable);
        if (_lastAsked != _row)
        {
            _lastAsked = _row;
            _asked++;
            if (values.IsEmpty)
            {
                _unreadable++;
                _binding.Computation.CountUnreadable();
            }
        }

        return values;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _binding.Computation.Report(_unreadable);
            Array.ForEach(_windows, window => window.Release());
            _input.Dispose();
        }

        base.Dispose(disposing);
    }

    private ValueGetter<TValue> Getter<TValue>(ColumnBuffer<TValue> buffer) => (ref TValue value) =>
    {
        if (_window is null)
        {
            buffer.ReadCurrent(ref value);
        }
        else
        {
            buffer.CopyTo(_window.Slot(_row), ref value);
        }
    };

    private RowWindow EnterWindow()
    {
        RowWindow window = _windows[0];
        Fill(window, fromCurrent: true);
        (_window, _row, _asked, _lastAsked) = (window, 0, 0, -1);
        return window;
    }

    private void LeaveWindow()
    {
        bool isAllAsked = _asked == _window!.Count;
        _size = isAllAsked ? Math.Min(_size * WindowBuffers.Few, ImageComputation.BatchSize) : 1;
        (_window, _next, _row, _asked, _lastAsked) = (_next, null, 0, 0, -1);
    }

    // Whether there was a row.
    private bool Fill(RowWindow window, bool fromCurrent)
    {
        window.Clear();
        while (window.Count < _size && (fromCurrent || Advance()))
        {
            fromCurrent = false;
            int slot = window.Slot(window.Count);
            _images.Fetch(slot);
            _ids.Read(slot);
            foreach (ColumnBuffer column in _others)
            {
                column.Read(slot);
            }

            window.Add(_input.Position, _input.Batch);
        }

        if (window.Count == 0)
        {
            return false;
        }

        window.Start();
        return true;
    }

    private bool Advance()
    {
        if (_isAtEnd)
        {
            return false;
        }

        try
        {
            _isAtEnd = !_input.MoveNext();
        }
        catch (Exception error)
        {
            // It comes when the rows before are read.
            _isAtEnd = true;
            _inputError = ExceptionDispatchInfo.Capture(error);
        }

        return !_isAtEnd;
    }
}
