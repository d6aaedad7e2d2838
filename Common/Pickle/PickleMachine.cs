namespace MLClassify.Common.Pickle;

/// <summary>
/// Interprets the opcodes of Python's pickle (documented in CPython's <c>pickletools</c>) that plain data needs. Names are looked up in
/// the model's short list and never in a program; any other opcode or name ends the reading. Each step reads at least one byte and makes
/// at most one small object, so time and memory are bounded by the file's length, and by <see cref="MaximumSteps"/>.
/// </summary>
internal sealed class PickleMachine
{
    /// <summary>Opcodes that a pickle may have: about fifty a tensor, for eighty thousand tensors; four an image in CIFAR-100.</summary>
    public const int MaximumSteps = 1 << 22;

    private const int HighestProtocol = 5;

    private static readonly object Mark = new();

    private readonly PickleCursor _cursor;
    private readonly IPickleModel _model;
    private readonly List<object?> _stack = [];
    private readonly List<object?> _memo = [];
    private readonly Dictionary<string, PickleGlobal> _globals = new(StringComparer.Ordinal);
    private int _marks;
    private int _steps;
    private long _offset;

    private PickleMachine(PickleCursor cursor, IPickleModel model)
    {
        _cursor = cursor;
        _model = model;
    }

    /// <summary>Reads one pickle, to its STOP.</summary>
    /// <param name="cursor">Where it begins.</param>
    /// <param name="model">What its names mean.</param>
    /// <returns>Null, bool, long, double, string, bytes, an array (a tuple), a list, a dictionary, a name, or an object of the model.</returns>
    public static object? Read(PickleCursor cursor, IPickleModel model) => new PickleMachine(cursor, model).Run();

    private object? Run()
    {
        for (_steps = 0; _steps < MaximumSteps; _steps++)
        {
            _offset = _cursor.Position;
            byte code = _cursor.Byte();
            if (code == '.')
            {
                return Pop();
            }

            bool isKnown = (_cursor.Options.Opcodes?.Contains(code) ?? true) && (Constant(code) || Collection(code) || Memo(code) || Object(code));
            if (!isKnown)
            {
                throw Problem("the pickle has an opcode that plain data does not need", found: FormattableString.Invariant($"opcode 0x{code:X2}"));
            }
        }

        throw Problem("the pickle is too long", FormattableString.Invariant($"at most {MaximumSteps} opcodes"));
    }

    private bool Constant(byte code)
    {
        object? value;
        switch (code)
        {
            case (byte)'N': value = null; break;
            case 0x88: value = true; break;
            case 0x89: value = false; break;
            case (byte)'K': value = (long)_cursor.Byte(); break;
            case (byte)'M': value = _cursor.Integer(2); break;
            case (byte)'J': value = (long)(int)_cursor.Integer(4); break;
            case 0x8A: value = (object?)_cursor.Long(_cursor.Byte()) ?? PickleInert.Instance; break;
            case 0x8B: value = (object?)_cursor.Long((int)_cursor.Integer(4)) ?? PickleInert.Instance; break;
            case (byte)'G': value = _cursor.BigEndianDouble(); break;
            case (byte)'X': value = _cursor.Text(_cursor.Integer(4)); break;
            case 0x8C: value = _cursor.Text(_cursor.Byte()); break;
            case 0x8D: value = _cursor.Text(_cursor.Integer(8)); break;
            case (byte)'U': value = _cursor.OldText(_cursor.Byte()); break;
            case (byte)'T': value = _cursor.OldText(_cursor.Integer(4)); break;
            case (byte)'C': value = _cursor.Bytes(_cursor.Byte()); break;
            case (byte)'B': value = _cursor.Bytes(_cursor.Integer(4)); break;
            case 0x8E or 0x96: value = _cursor.Bytes(_cursor.Integer(8)); break;
            default: return false;
        }

        _stack.Add(value);
        return true;
    }

    private bool Collection(byte code)
    {
        switch (code)
        {
            case (byte)'(':
                _marks++;
                _stack.Add(Mark);
                return true;
            case (byte)')': _stack.Add(Array.Empty<object?>()); return true;
            case (byte)'t': _stack.Add(PopMarked()); return true;
            case 0x85 or 0x86 or 0x87: _stack.Add(PopMany(code - 0x84)); return true;
            case (byte)']': _stack.Add(new List<object?>()); return true;
            case (byte)'l': _stack.Add(PopMarked().ToList()); return true;
            case (byte)'a': Append([Pop()]); return true;
            case (byte)'e': Append(PopMarked()); return true;
            case (byte)'}': _stack.Add(new PickleDictionary()); return true;
            case (byte)'s': SetItems(PopMany(2)); return true;
            case (byte)'u': SetItems(PopMarked()); return true;

            // Sets hold no tensors.
            case 0x8F: _stack.Add(PickleInert.Instance); return true;
            case 0x90: PopMarked(); return Peek() is PickleInert ? true : throw Problem("the pickle adds items to something else than a set");
            case 0x91:
                PopMarked();
                _stack.Add(PickleInert.Instance);
                return true;
            default: return false;
        }
    }

    private bool Memo(byte code)
    {
        switch (code)
        {
            case (byte)'q': Store(_cursor.Byte()); return true;
            case (byte)'r': Store(_cursor.Integer(4)); return true;
            case 0x94: Store(_memo.Count); return true;
            case (byte)'h': Recall(_cursor.Byte()); return true;
            case (byte)'j': Recall(_cursor.Integer(4)); return true;
            case (byte)'0': Pop(); return true;
            case (byte)'1': PopMarked(); return true;
            case (byte)'2': _stack.Add(Peek()); return true;
            default: return false;
        }
    }

    private bool Object(byte code)
    {
        switch (code)
        {
            case 0x80:
                int protocol = _cursor.Byte();
                return protocol <= HighestProtocol
                    ? true
                    : throw Problem("the pickle's protocol is not known", "0 to 5", FormattableString.Invariant($"{protocol}"));
            case 0x95:
                _cursor.Integer(8);
                return true;
            case (byte)'c':
                string module = _cursor.Line();
                Global(module, _cursor.Line());
                return true;
            case 0x93:
                object?[] names = PopMany(2);
                Global(names[0] as string, names[1] as string);
                return true;
            case (byte)'R' or 0x81:
                object?[] call = PopMany(2);
                _stack.Add(Call(call[0], call[1]));
                return true;
            case (byte)'Q':
                _stack.Add(_model.Persistent(Pop(), _offset));
                return true;
            case (byte)'b':
                object? state = Pop();
                _model.Build(Peek(), state, _offset);
                return true;
            default:
                return false;
        }
    }

    private void Global(string? module, string? name)
    {
        string full = $"{module}.{name}";
        if (module is null || name is null || !_model.Knows(full))
        {
            throw _model.Refuse(module, name, _offset);
        }

        if (!_globals.TryGetValue(full, out PickleGlobal? global))
        {
            global = new PickleGlobal(full);
            _globals.Add(full, global);
        }

        _stack.Add(global);
    }

    private object? Call(object? function, object? arguments) => function is PickleGlobal global && arguments is object?[] tuple
        ? _model.Call(global, tuple, _offset)
        : throw Problem(
            "the pickle calls something that is no name", "a name and a tuple", function is PickleGlobal name ? $"a call of '{name.Name}' without a tuple" : "a call of a value");

    private void Append(object?[] items)
    {
        if (Peek() is not List<object?> list)
        {
            throw Problem("the pickle appends to something else than a list");
        }

        list.AddRange(items);
    }

    private void SetItems(object?[] items)
    {
        if (Peek() is not PickleDictionary dictionary || items.Length % 2 != 0)
        {
            throw Problem("the pickle sets items of something else than a dictionary, or keys without values");
        }

        for (int i = 0; i < items.Length; i += 2)
        {
            dictionary.Set(items[i], items[i + 1]);
        }
    }

    // Python numbers what it stores in order, so that a number cannot exceed the steps so far; a larger one would only cost memory.
    private void Store(long index)
    {
        object? value = Peek();
        if (index > _steps + 1)
        {
            throw Problem("the pickle stores under a number out of order", found: FormattableString.Invariant($"memo {index}"));
        }

        while (_memo.Count <= index)
        {
            _memo.Add(Mark);
        }

        _memo[(int)index] = value;
    }

    private void Recall(long index) => _stack.Add(index < _memo.Count && !ReferenceEquals(_memo[(int)index], Mark)
        ? _memo[(int)index]
        : throw Problem("the pickle has a reference to nothing", found: FormattableString.Invariant($"memo {index}")));

    private object?[] PopMarked()
    {
        int mark = _marks > 0 ? _stack.LastIndexOf(Mark) : -1;
        if (mark < 0)
        {
            throw Problem("the pickle's stack has no mark: the end of a group without its beginning");
        }

        object?[] items = [.. _stack.Skip(mark + 1)];
        _stack.RemoveRange(mark, _stack.Count - mark);
        _marks--;
        return items;
    }

    private object?[] PopMany(int count)
    {
        object?[] items = new object?[count];
        for (int i = count - 1; i >= 0; i--)
        {
            items[i] = Pop();
        }

        return items;
    }

    private object? Pop()
    {
        object? top = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return top;
    }

    private object? Peek() => _stack.Count > 0 && !ReferenceEquals(_stack[^1], Mark)
        ? _stack[^1]
        : throw Problem($"the pickle takes more from its stack than it put there: {(_stack.Count == 0 ? "the stack is empty" : "a group begins there")}");

    private Exception Problem(string problem, string? expected = null, string? found = null) =>
        _cursor.Problem(problem, expected, found, _offset);
}
