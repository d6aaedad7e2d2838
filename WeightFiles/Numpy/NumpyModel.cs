using MLClassify.Common.Pickle;

namespace MLClassify.WeightFiles.Numpy;

/// <summary>The names that a pickled dictionary of arrays uses.</summary>
/// <param name="file">The file, for messages.</param>
internal sealed class NumpyModel(string file) : IPickleModel
{
    private const string Ordered = "collections.OrderedDict";

    private readonly NumpyNames _numpy = new(file);

    public bool Knows(string name) => name == Ordered || NumpyNames.Knows(name);

    public Exception Refuse(string? module, string? name, long offset) => PickledNames.Unknown(file, $"{module}.{name}", offset);

    public object? Call(PickleGlobal function, object?[] arguments, long offset) =>
        function.Name == Ordered && arguments.Length == 0 ? new PickleDictionary() : _numpy.Call(function, arguments, offset);

    public object Persistent(object? identifier, long offset) =>
        throw new InvalidWeightsException(file, "the pickle refers to something outside itself", offset: offset);

    public void Build(object? target, object? state, long offset)
    {
        if (!_numpy.TryBuild(target, state, offset))
        {
            throw new InvalidWeightsException(file, "the pickle gives a state to something else than an array", offset: offset);
        }
    }
}
