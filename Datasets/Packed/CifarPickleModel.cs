using MLClassify.Common.Pickle;

namespace MLClassify.Datasets;

/// <summary>
/// What the names in a CIFAR batch's pickle mean: NumPy's arrays of bytes and nothing else. Three calls are known, each gives an object of
/// ours: an empty array, an array over bytes, and the type of an array's elements.
/// </summary>
/// <param name="path">The file, for messages.</param>
/// <param name="bytes">Its content.</param>
internal sealed class CifarPickleModel(string path, byte[] bytes) : IPickleModel
{
    private const int MaximumDimensions = 8;
    private const string Array = "numpy.ndarray";
    private const string Type = "numpy.dtype";

    // NumPy 2 moved its insides.
    private static readonly string[] Reconstructors = ["numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct"];
    private static readonly string[] FromBuffer = ["numpy.core.numeric._frombuffer", "numpy._core.numeric._frombuffer"];

    public bool Knows(string name) => name is Array or Type || Reconstructors.Contains(name) || FromBuffer.Contains(name);

    public Exception Refuse(string? module, string? name, long offset) =>
        Problem($"found the name '{InvalidWeightsException.Shorten($"{module} {name}")}', which data does not need", offset);

    public object? Call(PickleGlobal function, object?[] arguments, long offset) => (function.Name, arguments) switch
    {
        (Type, [string or PickleBytes, ..]) => new CifarArrayType(CifarPickle.Decode(arguments[0], bytes) is "u1" or "|u1"),
        (_, [PickleGlobal { Name: Array }, ..]) when Reconstructors.Contains(function.Name) => new CifarArray(),
        (_, [PickleBytes { IsText: false } data, CifarArrayType type, object?[] shape, string or PickleBytes]) when FromBuffer.Contains(function.Name) =>
            new CifarArray
            {
                Data = data,
                IsBytes = type.IsBytes,
                Shape = Shape(shape, offset),
                IsRowMajor = CifarPickle.Decode(arguments[3], bytes) == "C",
            },
        _ => throw Problem($"found a call of '{function.Name}', which data does not need", offset),
    };

    public object Persistent(object? identifier, long offset) => throw Problem("found a reference to something outside the file", offset);

    public void Build(object? target, object? state, long offset)
    {
        switch (target, state)
        {
            case (CifarArrayType, object?[]):
                break;
            case (CifarArray array, object?[] and [long, object?[] shape, CifarArrayType type, bool isColumnMajor, PickleBytes { IsText: false } data]):
                (array.Shape, array.IsBytes, array.IsRowMajor, array.Data) = (Shape(shape, offset), type.IsBytes, !isColumnMajor, data);
                break;
            default:
                throw Problem("found the state of an unknown object", offset);
        }
    }

    /// <summary>The exception for a batch that is damaged, or holds what no batch does.</summary>
    public InvalidDatasetException Problem(string problem, long? offset = null, string? expected = null, string? found = null, Exception? cause = null)
    {
        string detail = (expected is null ? "" : $", expected {expected}") + (found is null ? "" : $", found {InvalidWeightsException.Shorten(found)}");
        string place = offset is null ? "" : FormattableString.Invariant($", at byte {offset}");
        return new InvalidDatasetException($"{path}: {problem}{detail}{place}; expected a batch of CIFAR's Python version");
    }

    // Bounded before it is looked at: a file may have the same long shape looked at in every step.
    private long[] Shape(object?[] items, long offset) => items.Length <= MaximumDimensions && System.Array.TrueForAll(items, item => item is long and >= 0)
        ? System.Array.ConvertAll(items, item => (long)item!)
        : throw Problem("found an array whose shape is not made of a few numbers", offset);
}

/// <summary>The type of an array's elements.</summary>
internal sealed record CifarArrayType(bool IsBytes);

/// <summary>An array of NumPy.</summary>
internal sealed class CifarArray
{
    public long[] Shape { get; set; } = [];

    public bool IsBytes { get; set; }

    public bool IsRowMajor { get; set; }

    public PickleBytes? Data { get; set; }
}
