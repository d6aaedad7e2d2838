namespace MLClassify.Graphs.Operators;

/// <summary>An attribute of an ONNX node: a name and a <see cref="long"/>, a <see cref="float"/>, a text, or a list of whole numbers.</summary>
internal sealed record OnnxAttribute
{
    /// <summary>A whole number.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">Its value.</param>
    public OnnxAttribute(string name, long value) => (Name, Value) = (name, value);

    /// <summary>A number.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">Its value.</param>
    public OnnxAttribute(string name, float value) => (Name, Value) = (name, value);

    /// <summary>A text.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">Its value.</param>
    public OnnxAttribute(string name, string value) => (Name, Value) = (name, value);

    /// <summary>Whole numbers.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="values">Its values.</param>
    public OnnxAttribute(string name, IReadOnlyList<long> values) => (Name, Value) = (name, values);

    /// <summary>The attribute's name.</summary>
    public string Name { get; }

    /// <summary>Its value: <see cref="long"/>, <see cref="float"/>, <see cref="string"/> or a list of <see cref="long"/>.</summary>
    public object Value { get; }
}

/// <summary>A value in an ONNX graph that stands for a node's output.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="IsMap">Whether it has four dimensions, <c>[N, C, H, W]</c>; else it is <c>[N, F]</c>.</param>
/// <param name="FlattenedFrom">For <c>[N, F]</c>: the map whose values lie in it channel by channel, or null where the order is ours.</param>
internal readonly record struct OnnxValue(string Name, bool IsMap, Shape? FlattenedFrom = null);

/// <summary>
/// Where an operator writes itself as ONNX nodes. Maps are <c>[N, C, H, W]</c> there, feature vectors <c>[N, F]</c>; a flattened map counts
/// channels, rows, columns. An operator asks for its inputs in the form that it needs, and the emitter puts a conversion in between where
/// one is needed.
/// </summary>
internal abstract class OnnxEmitter
{
    /// <summary>The name of the node that is being written.</summary>
    public abstract string NodeName { get; }

    /// <summary>One sample's shapes of the node's inputs.</summary>
    public abstract IReadOnlyList<Shape> InputShapes { get; }

    /// <summary>One sample's shape of the node's output.</summary>
    public abstract Shape OutputShape { get; }

    /// <summary>The node's parameters, in the operator's order.</summary>
    public abstract IReadOnlyList<Parameter> NodeParameters { get; }

    /// <summary>An input in whatever form it has.</summary>
    /// <param name="index">The input's number.</param>
    public abstract OnnxValue Input(int index);

    /// <summary>An input as a map, <c>[N, C, H, W]</c>.</summary>
    /// <param name="index">The input's number.</param>
    /// <returns>The value's name.</returns>
    public abstract string Map(int index);

    /// <summary>An input as a feature vector, <c>[N, F]</c>.</summary>
    /// <param name="index">The input's number; its shape is a vector's.</param>
    /// <param name="flattenedFrom">The map whose values are to lie in it channel by channel; our order when null.</param>
    /// <returns>The value's name.</returns>
    public abstract string Vector(int index, Shape? flattenedFrom = null);

    /// <summary>A parameter of the node.</summary>
    /// <param name="index">The parameter's number.</param>
    /// <returns>The value's name.</returns>
    public abstract string Parameter(int index);

    /// <summary>A constant list of whole numbers.</summary>
    /// <param name="suffix">What it is, for its name.</param>
    /// <param name="values">The values.</param>
    /// <returns>The value's name.</returns>
    public abstract string Integers(string suffix, params long[] values);

    /// <summary>A constant tensor of float32.</summary>
    /// <param name="suffix">What it is, for its name.</param>
    /// <param name="dimensions">Dimensions, outermost first; none for a single value.</param>
    /// <param name="values">The values.</param>
    /// <returns>The value's name.</returns>
    public abstract string Singles(string suffix, IReadOnlyList<int> dimensions, params float[] values);

    /// <summary>Writes an ONNX node with one output.</summary>
    /// <param name="operation">The ONNX operator.</param>
    /// <param name="inputs">Names of values.</param>
    /// <param name="attributes">The operator's attributes.</param>
    /// <returns>The output's name.</returns>
    public abstract string Emit(string operation, IReadOnlyList<string> inputs, params OnnxAttribute[] attributes);

    /// <summary>Says what the node's output is.</summary>
    /// <param name="value">A value made here, or an input that passes through.</param>
    public abstract void Result(OnnxValue value);

    /// <summary>Says that the node's output is a map.</summary>
    /// <param name="name">The value's name.</param>
    public void MapResult(string name) => Result(new OnnxValue(name, IsMap: true));

    /// <summary>All parameters' names, in order.</summary>
    public IEnumerable<string> Parameters() => Enumerable.Range(0, NodeParameters.Count).Select(Parameter);

    /// <summary>Writes an operator of one input that works on each value alone, in whatever form the input has.</summary>
    /// <param name="operation">The ONNX operator.</param>
    public void EmitElementwise(string operation)
    {
        OnnxValue input = Input(0);
        Result(input with { Name = Emit(operation, [input.Name]) });
    }

    /// <summary>Writes ReLU.</summary>
    /// <param name="input">The value's name.</param>
    /// <param name="ceiling">The upper bound, infinity for a plain ReLU; no ReLU when null.</param>
    /// <returns>The output's name.</returns>
    public string EmitRelu(string input, float? ceiling) => ceiling switch
    {
        null => input,
        float.PositiveInfinity => Emit("Relu", [input]),
        float limit => Emit("Clip", [input, Singles("min", [], 0f), Singles("max", [], limit)]),
    };
}
