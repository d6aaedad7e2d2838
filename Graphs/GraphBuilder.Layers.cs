using MLClassify.Graphs.Operators;

namespace MLClassify.Graphs;

/// <summary>The layers that networks are built of, each with torchvision's parameter names and PyTorch's default initialization.</summary>
internal sealed partial class GraphBuilder
{
    /// <summary>PyTorch's default for convolution and linear weights: uniform within <c>1 / sqrt(fan in)</c>.</summary>
    public static Initializer DefaultWeight { get; } = new KaimingUniformInitializer(Math.Sqrt(5));

    /// <summary>
    /// Two-dimensional convolution, <c>[N, H, W, in]</c> to <c>[N, H', W', out]</c>; parameters <c>name.weight</c>, <c>name.bias</c>.
    /// </summary>
    /// <param name="input">The input node.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="kernel">The filter's side.</param>
    /// <param name="stride">Step between outputs.</param>
    /// <param name="padding">Zeros added at each side.</param>
    /// <param name="groups">Groups; equal to the input channels for a depthwise convolution.</param>
    /// <param name="bias">Whether a bias is added.</param>
    /// <param name="weight">The filters' initialization; <see cref="DefaultWeight"/> when null.</param>
    /// <param name="biasInitializer">The bias's initialization; PyTorch's default when null.</param>
    public Node Convolution(Node input, string name, int outputs, int kernel, int stride = 1, int padding = 0, int groups = 1, bool bias = true, Initializer? weight = null, Initializer? biasInitializer = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        var operation = new ConvolutionOperator
        {
            OutputChannels = outputs,
            KernelHeight = kernel,
            KernelWidth = kernel,
            StrideY = stride,
            StrideX = stride,
            PaddingTop = padding,
            PaddingLeft = padding,
            PaddingBottom = padding,
            PaddingRight = padding,
            Groups = groups,
        };
        int groupInputs = input.Shape.Channels / Math.Max(1, groups);
        var filters = new Parameter
        {
            Name = name + ".weight",
            Role = ParameterRole.ConvolutionWeight,
            Dimensions = [outputs, groupInputs, kernel, kernel],
            Groups = groups,
            Initializer = weight ?? DefaultWeight,
        };
        return Append(name, operation, [input], bias ? [filters, Bias(name, outputs, filters, biasInitializer)] : [filters]);
    }

    /// <summary>
    /// Matrix product with a bias, <c>[N, H, W, C]</c> (flattened) to <c>[N, 1, 1, out]</c>; parameters <c>name.weight</c>,
    /// <c>name.bias</c>.
    /// </summary>
    /// <param name="input">The input node; a map is flattened.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="outputs">Output features.</param>
    /// <param name="weight">The matrix's initialization; <see cref="DefaultWeight"/> when null.</param>
    /// <param name="biasInitializer">The bias's initialization; PyTorch's default when null.</param>
    public Node Linear(Node input, string name, int outputs, Initializer? weight = null, Initializer? biasInitializer = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        Node vector = input.Shape.IsVector ? input : Append(name + ".flatten", new FlattenOperator(), [input], []);
        var matrix = new Parameter
        {
            Name = name + ".weight",
            Role = ParameterRole.LinearWeight,
            Dimensions = [outputs, vector.Shape.Channels],
            FlattenedFrom = FlattenedFrom(vector),
            Initializer = weight ?? DefaultWeight,
        };
        return Append(name, new LinearOperator(outputs), [vector], [matrix, Bias(name, outputs, matrix, biasInitializer)]);
    }

    /// <summary>
    /// Batch normalization over N, H, W (Ioffe and Szegedy 2015); parameters <c>weight</c>, <c>bias</c>, <c>running_mean</c>,
    /// <c>running_var</c>.
    /// </summary>
    /// <param name="input">The input node.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="momentum">The new batch's share in the running statistics.</param>
    /// <param name="scale">The factor's initialization; ones when null.</param>
    public Node BatchNorm(Node input, string name, float epsilon = 1e-5f, float momentum = 0.1f, Initializer? scale = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        int channels = input.Shape.Channels;
        Parameter Make(string suffix, ParameterRole role, Initializer initializer) =>
            new() { Name = name + suffix, Role = role, Dimensions = [channels], Initializer = initializer };
        return Append(name, new BatchNormOperator(epsilon, momentum), [input],
        [
            Make(".weight", ParameterRole.NormScale, scale ?? Initializer.Ones),
            Make(".bias", ParameterRole.NormShift, Initializer.Zeros),
            Make(".running_mean", ParameterRole.RunningMean, Initializer.Zeros),
            Make(".running_var", ParameterRole.RunningVariance, Initializer.Ones),
        ]);
    }

    /// <summary>ReLU, <c>max(0, x)</c>, cut off at <paramref name="ceiling"/> when it is finite (ReLU6).</summary>
    /// <param name="input">The input node.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="ceiling">The largest output.</param>
    public Node Relu(Node input, string name, float ceiling = float.PositiveInfinity) => Append(name, new ReluOperator(ceiling), [input], []);

    /// <summary>Largest value in each window.</summary>
    /// <param name="input">The input node.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="kernel">The window's side.</param>
    /// <param name="stride">Step between windows.</param>
    /// <param name="padding">Border at each side that never wins.</param>
    /// <param name="ceilMode">Whether a last, partly outside window counts (PyTorch's <c>ceil_mode</c>).</param>
    public Node MaxPool(Node input, string name, int kernel, int stride, int padding = 0, bool ceilMode = false) =>
        Append(name, new MaxPoolOperator(new PoolWindow(kernel, stride, padding, ceilMode)), [input], []);

    /// <summary>Mean of each window; the border counts as zeros (PyTorch's <c>count_include_pad</c>).</summary>
    /// <param name="input">The input node.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="kernel">The window's side.</param>
    /// <param name="stride">Step between windows.</param>
    /// <param name="padding">Border of zeros at each side.</param>
    public Node AveragePool(Node input, string name, int kernel, int stride, int padding = 0) =>
        Append(name, new AveragePoolOperator(new PoolWindow(kernel, stride, padding, false)), [input], []);

    /// <summary>Mean over all positions, <c>[N, H, W, C]</c> to <c>[N, 1, 1, C]</c>.</summary>
    /// <param name="input">The input node.</param>
    /// <param name="name">The layer's name.</param>
    public Node GlobalAveragePool(Node input, string name) => Append(name, new AdaptiveAveragePoolOperator(1, 1), [input], []);

    /// <summary>Mean over windows chosen so that the output has the given size (PyTorch's <c>AdaptiveAvgPool2d</c>).</summary>
    /// <param name="input">The input node.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="height">Output rows.</param>
    /// <param name="width">Output columns.</param>
    public Node AdaptiveAveragePool(Node input, string name, int height, int width) =>
        Append(name, new AdaptiveAveragePoolOperator(height, width), [input], []);

    /// <summary>
    /// Local response normalization across channels (Krizhevsky et al. 2012, section 3.3; <paramref name="alpha"/> not divided by the
    /// size).
    /// </summary>
    /// <param name="input">The input node.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="size">Neighboring channels, the paper's n.</param>
    /// <param name="k">The paper's k.</param>
    /// <param name="alpha">The paper's alpha.</param>
    /// <param name="beta">The paper's beta.</param>
    public Node LocalResponseNorm(Node input, string name, int size = 5, float k = 2, float alpha = 1e-4f, float beta = 0.75f) =>
        Append(name, new LocalResponseNormOperator(size, k, alpha, beta), [input], []);

    /// <summary>Dropout: in training, a value survives with probability <c>1 - probability</c> and is scaled up; else the identity.</summary>
    /// <param name="input">The input node.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="probability">The share that is dropped, in [0, 1).</param>
    public Node Dropout(Node input, string name, float probability = 0.5f) => Append(name, new DropoutOperator(probability), [input], []);

    /// <summary>Element-wise sum of two maps of one shape.</summary>
    /// <param name="left">One summand.</param>
    /// <param name="right">The other.</param>
    /// <param name="name">The layer's name.</param>
    public Node Add(Node left, Node right, string name) => Append(name, new AddOperator(), [left, right], []);

    /// <summary>Maps of one size side by side along the channels.</summary>
    /// <param name="inputs">Two or more maps.</param>
    /// <param name="name">The layer's name.</param>
    public Node Concat(IReadOnlyList<Node> inputs, string name) => Append(name, new ConcatOperator(), inputs, []);

    /// <summary>Channels of zeros around a map's own, <c>[N, H, W, C]</c> to <c>[N, H, W, before + C + after]</c>.</summary>
    /// <param name="input">The map.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="before">Channels of zeros before the map's.</param>
    /// <param name="after">Channels of zeros after the map's.</param>
    public Node PadChannels(Node input, string name, int before, int after) => Append(name, new PadChannelsOperator(before, after), [input], []);

    /// <summary>Logistic function.</summary>
    /// <param name="input">The input node.</param>
    /// <param name="name">The layer's name.</param>
    public Node Sigmoid(Node input, string name) => Append(name, new SigmoidOperator(), [input], []);

    /// <summary>A map times one factor per sample and channel: <c>[N, H, W, C]</c> by <c>[N, 1, 1, C]</c> (squeeze-and-excitation).</summary>
    /// <param name="input">The map.</param>
    /// <param name="factors">The factors.</param>
    /// <param name="name">The layer's name.</param>
    public Node Scale(Node input, Node factors, string name) => Append(name, new ScaleOperator(), [input, factors], []);

    private static Parameter Bias(string name, int outputs, Parameter weight, Initializer? initializer) => new()
    {
        Name = name + ".bias",
        Role = ParameterRole.Bias,
        Dimensions = [outputs],
        Initializer = initializer ?? DefaultInitializer(ParameterRole.Bias, weight),
    };

    /// <summary>The default initialization of a layer's parameters: PyTorch's.</summary>
    /// <param name="role">What the parameter is.</param>
    /// <param name="weight">The layer's weight, whose fan a bias's bound follows.</param>
    internal static Initializer DefaultInitializer(ParameterRole role, Parameter weight) => role switch
    {
        ParameterRole.ConvolutionWeight or ParameterRole.LinearWeight => DefaultWeight,
        ParameterRole.Bias => new UniformInitializer(1 / Math.Sqrt(Initializer.FanIn(weight))),
        ParameterRole.NormScale or ParameterRole.RunningVariance => Initializer.Ones,
        _ => Initializer.Zeros,
    };

    // Dropout and ReLUs between the flattening and the linear layer keep the order of the features.
    internal static Shape? FlattenedFrom(Node node)
    {
        Node at = node;
        while (at.Operator is DropoutOperator or ReluOperator)
        {
            at = at.Inputs[0];
        }

        return at.Operator is FlattenOperator ? at.Inputs[0].Shape : null;
    }
}
