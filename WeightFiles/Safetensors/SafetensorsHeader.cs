using System.Globalization;
using System.Text.Json;
using MLClassify.Graphs;

namespace MLClassify.WeightFiles;

/// <summary>A tensor's declaration and its place.</summary>
/// <param name="Entry">Name, type, dimensions.</param>
/// <param name="Begin">The first byte, counted from the end of the header.</param>
/// <param name="End">The byte after the last.</param>
internal sealed record SafetensorsTensorInfo(WeightEntry Entry, long Begin, long End);

/// <summary>
/// Parses and checks the header of the safetensors format (https://github.com/huggingface/safetensors, "Format"): one JSON object that
/// maps names to type, dimensions and place, and <c>__metadata__</c> to strings.
/// </summary>
internal ref struct SafetensorsHeader
{
    /// <summary>The longest header that the format admits, in bytes.</summary>
    public const long MaximumLength = 100_000_000;

    /// <summary>Bytes before the header: its length.</summary>
    public const int LengthBytes = 8;

    public const string MetadataKey = "__metadata__";

    // In the format, and nothing that this library computes with.
    private static readonly string[] UnsupportedTypes = ["C64", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F6_E2M3", "F6_E3M2", "F4"];

    // No framework makes tensors of more dimensions; without a bound, a small file could claim memory by dimensions of size 1.
    private const int MaximumRank = 64;

    private readonly string _file;
    private readonly long _dataLength;
    private readonly List<SafetensorsTensorInfo> _tensors = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private Utf8JsonReader _json;
    private Dictionary<string, string>? _metadata;
    private string? _tensor;

    private SafetensorsHeader(ReadOnlySpan<byte> header, string file, long dataLength)
    {
        _file = file;
        _dataLength = dataLength;
        _json = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = 8 });
    }

    /// <summary>Parses a header.</summary>
    /// <param name="header">The header's bytes.</param>
    /// <param name="file">The file, for messages.</param>
    /// <param name="dataLength">Bytes that follow the header.</param>
    /// <returns>The tensors in the order of their places, and the metadata.</returns>
    public static (SafetensorsTensorInfo[] Tensors, Dictionary<string, string> Metadata) Parse(
        ReadOnlySpan<byte> header, string file, long dataLength)
    {
        if (header.IsEmpty || header[0] != (byte)'{')
        {
            string found = header.IsEmpty ? "an empty header" : FormattableString.Invariant($"byte 0x{header[0]:X2}");
            throw new InvalidWeightsException(file, "the header does not begin", offset: LengthBytes, expected: "'{'", found: found);
        }

        var parser = new SafetensorsHeader(header, file, dataLength);
        try
        {
            parser.ParseObject(header);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Utf8JsonReader reports text that is not UTF-8, or half a surrogate pair, as InvalidOperationException.
            throw new InvalidWeightsException(
                file,
                $"the header is not valid JSON ({InvalidWeightsException.Shorten(e.Message).TrimEnd('.')})",
                parser._tensor,
                LengthBytes + parser._json.BytesConsumed,
                innerException: e);
        }

        return (parser.Ordered(), parser._metadata ?? []);
    }

    private void ParseObject(ReadOnlySpan<byte> header)
    {
        _json.Read();
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            string name = _json.GetString()!;
            if (!_names.Add(name))
            {
                throw Problem("the name occurs twice in the header", name);
            }

            _json.Read();
            if (name == MetadataKey)
            {
                ParseMetadata();
            }
            else
            {
                _tensor = name;
                ParseTensor(name);
                _tensor = null;
            }
        }

        int end = (int)_json.BytesConsumed;
        int padding = header[end..].IndexOfAnyExcept((byte)' ');
        if (padding >= 0)
        {
            throw new InvalidWeightsException(
                _file,
                "text follows the header's JSON",
                offset: LengthBytes + end + padding,
                expected: "spaces",
                found: FormattableString.Invariant($"byte 0x{header[end + padding]:X2}"));
        }
    }

    private void ParseMetadata()
    {
        Expect(JsonTokenType.StartObject, $"an object for {MetadataKey}");
        _metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            string key = _json.GetString()!;
            _json.Read();
            Expect(JsonTokenType.String, $"a string for '{key}' of {MetadataKey}");
            if (!_metadata.TryAdd(key, _json.GetString()!))
            {
                throw Problem($"'{key}' occurs twice in {MetadataKey}");
            }
        }
    }

    private void ParseTensor(string name)
    {
        Expect(JsonTokenType.StartObject, "an object with dtype, shape and data_offsets");
        ElementType? type = null;
        List<long>? dimensions = null;
        List<long>? offsets = null;
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            string key = _json.GetString()!;
            _json.Read();
            switch (key)
            {
                case "dtype" when type is null:
                    type = ParseType();
                    break;
                case "shape" when dimensions is null:
                    dimensions = ParseNumbers(key, MaximumRank);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ParseNumbers(key, 2);
                    break;
                case "dtype" or "shape" or "data_offsets":
                    throw Problem($"'{key}' occurs twice");
                default:
                    _json.Skip();
                    break;
            }
        }

        if (type is null || dimensions is null || offsets is not [long begin, long end])
        {
            string missing = type is null ? "dtype" : dimensions is null ? "shape" : "data_offsets of two numbers";
            throw Problem("its declaration is incomplete", expected: missing);
        }

        _tensors.Add(Checked(new WeightEntry(name, type.Value, dimensions), begin, end));
    }

    private readonly ElementType ParseType()
    {
        Expect(JsonTokenType.String, "a string for dtype");
        string text = _json.GetString()!;
        string problem = UnsupportedTypes.Contains(text, StringComparer.Ordinal) ? "a dtype that is not supported" : "unknown dtype";
        return ElementTypes.Parse(text) ?? throw Problem(problem, expected: $"one of {ElementTypes.AllNames}", found: $"'{text}'");
    }

    private List<long> ParseNumbers(string key, int maximum)
    {
        Expect(JsonTokenType.StartArray, $"an array for {key}");
        var numbers = new List<long>();
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            bool isWhole = _json.TokenType == JsonTokenType.Number && _json.ValueSpan[0] != (byte)'-';
            if (!isWhole || !_json.TryGetInt64(out long number))
            {
                throw Problem($"a bad value in {key}", expected: "a whole number from 0 to 2^63 - 1", found: Token());
            }

            if (numbers.Count == maximum)
            {
                throw Problem($"{key} is too long", expected: FormattableString.Invariant($"at most {maximum} numbers"));
            }

            numbers.Add(number);
        }

        return numbers;
    }

    private readonly SafetensorsTensorInfo Checked(WeightEntry entry, long begin, long end)
    {
        string place = FormattableString.Invariant($"data_offsets [{begin}, {end}]");
        if (begin > end || end > _dataLength)
        {
            throw Problem(
                "its place is outside the file",
                expected: FormattableString.Invariant($"0 <= begin <= end <= {_dataLength}"),
                found: place);
        }

        long bytes;
        try
        {
            bytes = checked(entry.Count * ElementTypes.SizeOf(entry.Type));
        }
        catch (OverflowException e)
        {
            throw new InvalidWeightsException(
                _file, "its shape is too large", entry.Name, expected: "less than 2^63 bytes", found: Shape(entry), innerException: e);
        }

        return bytes == end - begin
            ? new SafetensorsTensorInfo(entry, begin, end)
            : throw Problem(
                "its size does not fit its shape",
                expected: FormattableString.Invariant($"{bytes} bytes for {ElementTypes.NameOf(entry.Type)} {Shape(entry)}"),
                found: FormattableString.Invariant($"{end - begin} ({place})"));
    }

    // Places must follow each other from the first byte to the last: a hole could hide anything, an overlap is never meant.
    private readonly SafetensorsTensorInfo[] Ordered()
    {
        SafetensorsTensorInfo[] ordered = [.. _tensors.OrderBy(t => t.Begin).ThenBy(t => t.End)];
        long next = 0;
        foreach (SafetensorsTensorInfo tensor in ordered)
        {
            if (tensor.Begin != next)
            {
                string problem = tensor.Begin > next ? "unused bytes lie before it" : "it overlaps another tensor";
                throw new InvalidWeightsException(
                    _file, problem, tensor.Entry.Name, expected: Number(next), found: $"data_offsets that begin at {Number(tensor.Begin)}");
            }

            next = tensor.End;
        }

        return next == _dataLength
            ? ordered
            : throw new InvalidWeightsException(
                _file, "bytes follow the last tensor", expected: $"{Number(next)} bytes of data", found: Number(_dataLength));
    }

    private readonly void Expect(JsonTokenType type, string expected)
    {
        if (_json.TokenType != type)
        {
            throw Problem("the header has the wrong structure", expected: expected, found: Token());
        }
    }

    private readonly string Token() => _json.TokenType is JsonTokenType.Number or JsonTokenType.String
        ? System.Text.Encoding.UTF8.GetString(_json.ValueSpan)
        : _json.TokenType.ToString();

    private readonly InvalidWeightsException Problem(
        string problem, string? tensor = null, string? expected = null, string? found = null) =>
        new(_file, problem, tensor ?? _tensor, LengthBytes + _json.TokenStartIndex, expected, found);

    private static string Shape(WeightEntry entry) => $"[{string.Join(", ", entry.Dimensions.Select(Number))}]";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
