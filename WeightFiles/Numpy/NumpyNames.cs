using MLClassify.Common.Pickle;

namespace MLClassify.WeightFiles.Numpy;

/// <summary>
/// The names that NumPy's arrays, types and numbers have in a pickle, and what they mean here. NumPy 2 calls its package
/// <c>numpy._core</c>. The states are those of <c>ndarray.__reduce__</c> and <c>dtype.__reduce__</c>.
/// </summary>
/// <param name="file">The file, for messages.</param>
internal sealed class NumpyNames(string file)
{
    private const string Array = "numpy.ndarray";
    private const string Type = "numpy.dtype";
    private const string Encode = "_codecs.encode";

    public static bool Knows(string name) => name is Array or Type or Encode || IsReconstruct(name) || IsScalar(name) || IsFromBuffer(name);

    /// <summary>A call of one of the names.</summary>
    /// <param name="function">The name.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="offset">The call's place in the pickle.</param>
    public object Call(PickleGlobal function, object?[] arguments, long offset) => arguments switch
    {
        [PickleGlobal { Name: Array }, ..] when IsReconstruct(function.Name) => new PickledArray(),
        [PickledType, ..] when IsScalar(function.Name) => PickleInert.Instance,
        [PickleBytes or string, PickledType type, object?[] dimensions, string order] when IsFromBuffer(function.Name) =>
            Filled(new PickledArray(), dimensions, type, order == "F", arguments[0], offset),
        [string text, ..] when function.Name == Type => new PickledType(NumpyType.Parse(text)),
        [string text, "latin1" or "latin-1"] when function.Name == Encode => new PickleBytes(offset, text.Length, OldBytes(text, offset)),
        [PickleBytes { IsText: true } text, "latin1" or "latin-1"] when function.Name == Encode => text,
        _ => throw Problem($"{function.Name} is called with arguments that it does not take", offset),
    };

    /// <summary>Gives an array or a type its state.</summary>
    /// <param name="target">The object.</param>
    /// <param name="state">The state.</param>
    /// <param name="offset">The place in the pickle.</param>
    /// <returns>Whether the object is one of NumPy's.</returns>
    public bool TryBuild(object? target, object? state, long offset)
    {
        switch (target, state)
        {
            case (PickledType type, object?[] parts):
                if (parts is not [long, string { Length: 1 } order, null, null, null, ..])
                {
                    throw Problem("a type of NumPy's is not plain", offset);
                }

                type.Type = NumpyType.Parse(order + type.Type.Text.TrimStart('<', '>', '|', '='));
                return true;
            case (PickledArray { Type: null } array, object?[] and [long, object?[] dimensions, PickledType type, var isFortran, var data]):
                Filled(array, dimensions, type, isFortran is true or long and not 0L, data, offset);
                return true;
            case (PickledArray or PickledType, _):
                throw Problem("an array's state is not known", offset, "(version, shape, type, order, values)");
            default:
                return false;
        }
    }

    private static bool IsReconstruct(string name) => name is "numpy.core.multiarray._reconstruct" or "numpy._core.multiarray._reconstruct";

    private static bool IsScalar(string name) => name is "numpy.core.multiarray.scalar" or "numpy._core.multiarray.scalar";

    private static bool IsFromBuffer(string name) => name is "numpy.core.numeric._frombuffer" or "numpy._core.numeric._frombuffer";

    private PickledArray Filled(PickledArray array, object?[] dimensions, PickledType type, bool isFortran, object? data, long offset)
    {
        array.Type = type.Type;
        array.IsFortran = isFortran;
        array.Dimensions = dimensions.All(d => d is long)
            ? [.. dimensions.Cast<long>()]
            : throw Problem("an array's dimensions are not whole numbers", offset);
        int size = type.Type.Element is { } element ? ElementTypes.SizeOf(element) : 1;
        long expected = NumpyTensor.BytesOf(array.Dimensions, size) ?? throw Problem("an array's shape is too large", offset);
        bool fits;
        if (type.Type.IsObject)
        {
            array.Items = data as List<object?> ?? throw Problem("an array of objects has no list of them", offset);
            fits = array.Items.Count == expected;
        }
        else
        {
            array.Bytes = data switch
            {
                PickleBytes bytes => bytes,
                string text => new PickleBytes(offset, text.Length, OldBytes(text, offset)),
                _ => throw Problem("an array has no values", offset),
            };

            // As text, bytes from 128 on take two; the file's own count then is an upper bound only. Other types are never read.
            long length = array.Bytes.Length;
            fits = type.Type.Element is null || (array.Bytes.IsText ? expected <= length && expected >= length / 2 : expected == length);
        }

        return fits
            ? array
            : throw Problem("an array has more or fewer values than its shape says", offset, FormattableString.Invariant($"{expected} bytes or objects"));
    }

    // Text that stands for bytes, one a character.
    private byte[] OldBytes(string text, long offset) => text.All(c => c <= byte.MaxValue)
        ? System.Text.Encoding.Latin1.GetBytes(text)
        : throw Problem("text that stands for bytes has other characters", offset);

    private InvalidWeightsException Problem(string problem, long offset, string? expected = null) =>
        new(file, problem, offset: offset, expected: expected);
}
