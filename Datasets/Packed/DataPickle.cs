using System.Buffers.Binary;
using System.Text;

namespace MLClassify.Datasets;

/// <summary>
/// Interprets the opcodes of Python's pickle (documented in CPython's <c>pickletools</c>) that dictionaries, lists, numbers, strings and
/// numpy's arrays of bytes need. Names are compared with a short list and never looked up in a program; any other opcode or name ends the
/// reading. Time and memory are bounded by the file's length and by <see cref="MostSteps"/>.
/// </summary>
/// <param name="path">The file, for messages.</param>
/// <param name="bytes">Its content.</param>
internal sealed class DataPickle(string path, byte[] bytes)
{
    /// <summary>Opcodes that a pickle may have; CIFAR-100's has four a picture, 200,000 in all.</summary>
    public const int MostSteps = 1 << 22;

    private const int HighestProtocol = 5;
    private const int MostDimensions = 8;

    private static readonly object Mark = new();

    // numpy 2 moved its insides.
    private static readonly string[] Reconstructors = ["numpy.core.multiarray _reconstruct", "numpy._core.multiarray _reconstruct"];
    private static readonly string[] FromBuffer = ["numpy.core.numeric _frombuffer", "numpy._core.numeric _frombuffer"];

    private static readonly PickledName[] Names =
        [.. Reconstructors.Concat(FromBuffer).Concat(["numpy dtype", "numpy ndarray"]).Select(name => new PickledName(name))];

    private readonly List<object?> _stack = [];
    private readonly Dictionary<uint, object?> _memo = [];
    private int _position;
    private int _opcode;

    /// <summary>Reads to the pickle's end.</summary>
    /// <exception cref="InvalidDatasetException">The content is damaged, or is not such data.</exception>
    public object? Run()
    {
        for (int step = 0; step < MostSteps; step++)
        {
            _opcode = _position;
            byte code = Byte();
            if (code == '.')
            {
                return Pop();
            }

            if (!Constant(code) && !Collection(code) && !Memo(code) && !Object(code))
            {
                throw Problem(FormattableString.Invariant($"found opcode 0x{code:x2}, which data does not need"));
            }
        }

        throw Problem(FormattableString.Invariant($"found more than {MostSteps} opcodes"));
    }

    private bool Constant(byte code)
    {
        object? value;
        switch (code)
        {
            case 0x80: Protocol(); return true;
            case 0x95: Take(sizeof(ulong)); return true; // FRAME: how much follows, which the reader needs not know.
            case (byte)'N': value = null; break;
            case 0x88: value = true; break;
            case 0x89: value = false; break;
            case (byte)'K': value = (long)Byte(); break;
            case (byte)'M': value = (long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2)); break;
            case (byte)'J': value = (long)BinaryPrimitives.ReadInt32LittleEndian(Take(4)); break;
            case 0x8a: value = Long(); break;
            case (byte)'U' or 0x8c or (byte)'C': value = Text(Byte()); break;
            case (byte)'T' or (byte)'X' or (byte)'B': value = Text(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))); break;
            case 0x8d or 0x8e or 0x96: value = Text(BinaryPrimitives.ReadUInt64LittleEndian(Take(8))); break;
            default: return false;
        }

        _stack.Add(value);
        return true;
    }

    private bool Collection(byte code)
    {
        switch (code)
        {
            case (byte)'(': _stack.Add(Mark); return true;
            case (byte)')': _stack.Add(Array.Empty<object?>()); return true;
            case (byte)'t': _stack.Add(ToMark()); return true;
            case 0x85 or 0x86 or 0x87: Tuple(code - 0x84); return true;
            case (byte)']': _stack.Add(new List<object?>()); return true;
            case (byte)'}': _stack.Add(new PickledDictionary()); return true;
            case (byte)'a': Append([Pop()]); return true;
            case (byte)'e': Append(ToMark()); return true;
            case (byte)'s': Set([Pop(), Pop()], isSwapped: true); return true;
            case (byte)'u': Set(ToMark(), isSwapped: false); return true;
            default: return false;
        }
    }

    private bool Memo(byte code)
    {
        switch (code)
        {
            case (byte)'q': _memo[Byte()] = Peek(); return true;
            case (byte)'r': _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Peek(); return true;
            case 0x94: _memo[(uint)_memo.Count] = Peek(); return true;
            case (byte)'h': _stack.Add(Remembered(Byte())); return true;
            case (byte)'j': _stack.Add(Remembered(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); return true;
            default: return false;
        }
    }

    private bool Object(byte code)
    {
        switch (code)
        {
            case (byte)'c': _stack.Add(Name($"{Line()} {Line()}")); return true;
            case 0x93: StackName(); return true;
            case (byte)'R': Reduce(); return true;
            case (byte)'b': Build(); return true;
            default: return false;
        }
    }

    private void Protocol()
    {
        int version = Byte();
        if (version > HighestProtocol)
        {
            throw Problem(FormattableString.Invariant($"found pickle protocol {version}, expected at most {HighestProtocol}"));
        }
    }

    private long Long()
    {
        ReadOnlySpan<byte> digits = Take(Byte());
        if (digits.Length > sizeof(long))
        {
            throw Problem("found a number of more than 64 bits");
        }

        long value = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            value |= (long)digits[i] << (8 * i);
        }

        int unused = 64 - (8 * digits.Length);
        return digits.Length == 0 ? 0 : value << unused >> unused;
    }

    private PickledText Text(ulong length)
    {
        int offset = _position;
        Take(length);
        return new PickledText(offset, (int)length);
    }

    private void Tuple(int count)
    {
        object?[] items = new object?[count];
        for (int i = count - 1; i >= 0; i--)
        {
            items[i] = Pop();
        }

        _stack.Add(items);
    }

    private void Append(object?[] items)
    {
        if (Peek() is not List<object?> list)
        {
            throw Problem("found items of a list without the list");
        }

        list.AddRange(items);
    }

    private void Set(object?[] items, bool isSwapped)
    {
        if (items.Length % 2 != 0 || Peek() is not PickledDictionary dictionary)
        {
            throw Problem("found entries of a dictionary without the dictionary");
        }

        for (int i = 0; i < items.Length; i += 2)
        {
            dictionary.Items.Add(isSwapped ? (items[i + 1], items[i]) : (items[i], items[i + 1]));
        }
    }

    private void StackName()
    {
        (object? name, object? module) = (Pop(), Pop());
        if (name is not PickledText last || module is not PickledText first)
        {
            throw Problem("found a name that is none");
        }

        _stack.Add(Name($"{first.Decode(bytes)} {last.Decode(bytes)}"));
    }

    // Names are of a short list, each kept once: a file may repeat them a million times.
    private PickledName Name(string text) => Names.FirstOrDefault(name => name.Text == text)
        ?? throw Problem($"found the name '{text}', which data does not need");

    // Three calls are known, each gives an object of ours: an empty array, an array over bytes, and the type of an array's elements.
    private void Reduce()
    {
        (object? arguments, object? function) = (Pop(), Pop());
        string name = (function as PickledName)?.Text ?? "nothing";
        _stack.Add((name, arguments as object?[]) switch
        {
            ("numpy dtype", [PickledText type, ..]) => new PickledType(type.Decode(bytes) is "u1" or "|u1"),
            (_, [PickledName { Text: "numpy ndarray" }, ..]) when Reconstructors.Contains(name) => new PickledArray(),
            (_, [PickledText data, PickledType type, object?[] shape, PickledText order]) when FromBuffer.Contains(name) =>
                new PickledArray { Data = data, IsBytes = type.IsBytes, Shape = Shape(shape), IsRowMajor = order.Decode(bytes) == "C" },
            _ => throw Problem($"found a call of '{name}', which data does not need"),
        });
    }

    private void Build()
    {
        object?[]? state = Pop() as object?[];
        switch (Peek(), state)
        {
            case (PickledType, not null):
                break;
            case (PickledArray array, [long, object?[] shape, PickledType type, bool isColumnMajor, PickledText data]):
                (array.Shape, array.IsBytes, array.IsRowMajor, array.Data) = (Shape(shape), type.IsBytes, !isColumnMajor, data);
                break;
            default:
                throw Problem("found the state of an unknown object");
        }
    }

    // Bounded before it is looked at: a file may have the same long shape looked at in every step.
    private long[] Shape(object?[] items) => items.Length <= MostDimensions && Array.TrueForAll(items, item => item is long and >= 0)
        ? Array.ConvertAll(items, item => (long)item!)
        : throw Problem("found an array whose shape is not made of a few numbers");

    private object? Remembered(uint index) => _memo.TryGetValue(index, out object? value) ? value : throw Problem("found a reference to nothing");

    private object? Pop()
    {
        object? value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object? Peek() => _stack.Count > 0 && !ReferenceEquals(_stack[^1], Mark) ? _stack[^1] : throw Problem("the pickle's stack is empty");

    private object?[] ToMark()
    {
        int mark = _stack.LastIndexOf(Mark);
        if (mark < 0)
        {
            throw Problem("found the end of a group without its beginning");
        }

        object?[] items = [.. _stack.Skip(mark + 1)];
        _stack.RemoveRange(mark, _stack.Count - mark);
        return items;
    }

    private string Line()
    {
        const int Longest = 200;
        int start = _position;
        while (Byte() != '\n')
        {
            if (_position - start > Longest)
            {
                throw Problem("found a name without an end");
            }
        }

        return Encoding.UTF8.GetString(bytes, start, _position - start - 1);
    }

    private byte Byte() => Take(1)[0];

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)(bytes.Length - _position))
        {
            throw Problem("the file ends too early");
        }

        _position += (int)count;
        return bytes.AsSpan(_position - (int)count, (int)count);
    }

    private InvalidDatasetException Problem(string problem) =>
        new(FormattableString.Invariant($"{path}: {problem}, at byte {_opcode}; expected a batch of CIFAR's Python version"));
}
