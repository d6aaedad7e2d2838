using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using MLClassify.Graphs;

namespace MLClassify.WeightFiles.Numpy;

/// <summary>
/// The header of an <c>.npy</c> file (numpy.lib.format, versions 1.0, 2.0 and 3.0): magic, version, length, and a Python dictionary with
/// exactly <c>descr</c>, <c>fortran_order</c> and <c>shape</c>. The dictionary is parsed by its few shapes, and never evaluated.
/// </summary>
/// <param name="Type">The values' type.</param>
/// <param name="IsFortran">Whether the first index turns fastest.</param>
/// <param name="Dimensions">Dimensions, outermost first.</param>
/// <param name="Length">Bytes before the values.</param>
internal sealed record NpyHeader(NumpyType Type, bool IsFortran, long[] Dimensions, int Length)
{
    /// <summary>The longest dictionary, in bytes: NumPy's own default.</summary>
    public const int MaximumText = 10_000;

    private const int MaximumRank = 64;
    private const int VersionBytes = 2;

    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads a header; the stream then stands at the values.</summary>
    /// <param name="stream">The file, at its first byte.</param>
    /// <param name="file">The file, for messages.</param>
    /// <param name="array">The array in a file of several, or null.</param>
    /// <exception cref="InvalidWeightsException">The header is damaged.</exception>
    public static NpyHeader Read(Stream stream, string file, string? array)
    {
        Span<byte> start = stackalloc byte[Magic.Length + VersionBytes];
        ReadFully(stream, start, file, array);
        if (!start.StartsWith(Magic) || start[^2] is not (1 or 2 or 3) || start[^1] != 0)
        {
            throw new InvalidWeightsException(
                file, "this is no NumPy array of a known version", array, 0, "\\x93NUMPY and version 1.0, 2.0 or 3.0", Convert.ToHexString(start));
        }

        Span<byte> length = stackalloc byte[start[^2] == 1 ? sizeof(ushort) : sizeof(uint)];
        ReadFully(stream, length, file, array);
        long claimed = length.Length == sizeof(ushort) ? BinaryPrimitives.ReadUInt16LittleEndian(length) : BinaryPrimitives.ReadUInt32LittleEndian(length);
        if (claimed > MaximumText)
        {
            throw new InvalidWeightsException(
                file,
                "the array's header is too long",
                array,
                start.Length,
                FormattableString.Invariant($"at most {MaximumText} bytes"),
                FormattableString.Invariant($"{claimed}"));
        }

        byte[] text = new byte[claimed];
        ReadFully(stream, text, file, array);
        int before = start.Length + length.Length;
        return new Parser(Encoding.Latin1.GetString(text), file, array, before).Parse(before + text.Length);
    }

    private static void ReadFully(Stream stream, Span<byte> bytes, string file, string? array)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw new InvalidWeightsException(
                file, "the file ends within the array's header", array, expected: FormattableString.Invariant($"{bytes.Length} more bytes"));
        }
    }

    private sealed class Parser(string text, string file, string? array, int before)
    {
        private int _at;

        public NpyHeader Parse(int length)
        {
            NumpyType? type = null;
            bool? isFortran = null;
            long[]? dimensions = null;
            Expect('{');
            while (!Take('}'))
            {
                string key = Text();
                Expect(':');
                switch (key)
                {
                    case "descr" when type is null:
                        type = Description();
                        break;
                    case "fortran_order" when isFortran is null:
                        isFortran = Word("True") || (Word("False") ? false : throw Problem("True or False"));
                        break;
                    case "shape" when dimensions is null:
                        dimensions = Shape();
                        break;
                    default:
                        throw Problem("descr, fortran_order and shape, once each", key);
                }

                if (!Take(','))
                {
                    Expect('}');
                    break;
                }
            }

            Blank();
            return _at < text.Length
                ? throw Problem("spaces and the end of the header")
                : type is null || isFortran is null || dimensions is null
                ? throw Problem("descr, fortran_order and shape, once each", "fewer")
                : new NpyHeader(type, isFortran.Value, dimensions, length);
        }

        private NumpyType Description() => Peek() == '['
            ? throw new InvalidWeightsException(file, "arrays of structures are not supported", array, before + _at, NumpyType.Supported)
            : NumpyType.Parse(Text());

        private long[] Shape()
        {
            Expect('(');
            var dimensions = new List<long>();
            while (!Take(')'))
            {
                if (dimensions.Count == MaximumRank)
                {
                    throw Problem(FormattableString.Invariant($"at most {MaximumRank} dimensions"));
                }

                dimensions.Add(Number());
                bool comma = Take(',');
                if (!comma)
                {
                    // Without its comma, (3) is Python's number 3 and no tuple.
                    Expect(')');
                    return dimensions.Count > 1 ? [.. dimensions] : throw Problem("a tuple");
                }
            }

            return [.. dimensions];
        }

        private long Number()
        {
            Blank();
            int start = _at;
            while (_at < text.Length && char.IsAsciiDigit(text[_at]))
            {
                _at++;
            }

            if (!long.TryParse(text.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            {
                throw Problem("a whole number from 0 to 2^63 - 1");
            }

            // Python 2's long integers.
            Take('L');
            return number;
        }

        private string Text()
        {
            Blank();
            char quote = _at < text.Length && text[_at] is '\'' or '"' ? text[_at] : throw Problem("a string");
            int end = text.IndexOf(quote, _at + 1);
            if (end < 0)
            {
                throw Problem("the string's end");
            }

            string value = text[(_at + 1)..end];
            _at = value.Contains('\\', StringComparison.Ordinal) ? throw Problem("a string without escapes", value) : end + 1;
            return value;
        }

        private bool Word(string word)
        {
            Blank();
            bool matches = string.CompareOrdinal(text, _at, word, 0, word.Length) == 0;
            _at += matches ? word.Length : 0;
            return matches;
        }

        private bool Take(char c)
        {
            bool matches = Peek() == c;
            _at += matches ? 1 : 0;
            return matches;
        }

        private void Expect(char c)
        {
            if (!Take(c))
            {
                throw Problem($"'{c}'");
            }
        }

        private char? Peek()
        {
            Blank();
            return _at < text.Length ? text[_at] : null;
        }

        private void Blank()
        {
            while (_at < text.Length && text[_at] is ' ' or '\n')
            {
                _at++;
            }
        }

        private InvalidWeightsException Problem(string expected, string? found = null) => new(
            file,
            "the array's header is damaged",
            array,
            before + _at,
            expected,
            found ?? (_at < text.Length ? $"'{text[_at]}'" : "its end"));
    }
}
