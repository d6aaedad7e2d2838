using MLClassify.Trainers;

namespace MLClassify;

/// <summary>
/// How a step changes the weights: the rule, the rates beside <see cref="FineTuneOptions.LearningRate"/>, decay, accumulation and averaging.
/// Part of <see cref="FineTuneOptions"/>.
/// </summary>
public sealed record OptimizerOptions
{
    private const string Group = nameof(FineTuneOptions.Optimizer);

    /// <summary>
    /// The optimizer. Default for the head alone: <see cref="OptimizerKind.Lbfgs"/>, which solves it, unless other options ask for steps
    /// (epochs, a rate, a schedule, weight decay, mixup, dropout, a hidden layer, more classes than have images); then
    /// <see cref="OptimizerKind.Adam"/>, because its steps do not depend on the features' scale, which differs a hundredfold between backbones.
    /// Else <see cref="OptimizerKind.Sgd"/>.
    /// </summary>
    public OptimizerKind? Kind { get; init; }

    /// <summary>The backbone's learning rate. Default: a tenth of the head's where weights or a model are given, else the same; at least 0, at most 1,000.</summary>
    public double? BackboneLearningRate { get; init; }

    /// <summary>
    /// The factor of the learning rate from one block of the backbone to the one before it: 0.8 trains the first blocks least (Howard and
    /// Ruder 2018, arXiv:1801.06146, section 3.2). A block is what shares the first two parts of its name, such as <c>layer1.0</c>.
    /// Default 1; above 0, at most 1.
    /// </summary>
    public double LayerDecay { get; init; } = 1;

    /// <summary>SGD's momentum. Default 0.9; in [0, 1).</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Whether SGD uses Nesterov momentum. Default false; needs a momentum above 0.</summary>
    public bool Nesterov { get; init; }

    /// <summary>
    /// The weight decay of convolutions and matrices; biases and normalizations have none (He et al. 2019, arXiv:1812.01187, section 3.1).
    /// Default 1e-4; at least 0, at most 1.
    /// </summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>
    /// The largest Euclidean norm of the gradient of all parameters together; a larger one is scaled down (Pascanu et al. 2013,
    /// arXiv:1211.5063). Default 0: no limit; at least 0.
    /// </summary>
    public double ClipNorm { get; init; }

    /// <summary>
    /// Batches whose gradients are averaged, each sample weighing the same, before a step: a batch of <see cref="FineTuneOptions.BatchSize"/> times this
    /// in the memory of one. Batch normalization sees each by itself. Default 1; 1 to 65,536.
    /// </summary>
    public int AccumulationSteps { get; init; } = 1;

    /// <summary>
    /// The decay of the moving average of the weights, which is validated and kept as the best (Polyak and Juditsky 1992; the decay
    /// rises from small values as <c>(1 + n) / (10 + n)</c> at step n). Default 0: no average; in [0, 1).
    /// </summary>
    public double EmaDecay { get; init; }

    /// <summary>Checks the settings.</summary>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    internal void Validate()
    {
        OptionRange.Check($"{Group}.{nameof(BackboneLearningRate)}", BackboneLearningRate ?? 1, 0, 1_000);
        OptionRange.Check($"{Group}.{nameof(LayerDecay)}", LayerDecay, double.Epsilon, 1);
        OptionRange.Check($"{Group}.{nameof(Momentum)}", Momentum, 0, 1, belowEnd: true);
        OptionRange.Check($"{Group}.{nameof(WeightDecay)}", WeightDecay, 0, 1);
        OptionRange.Check($"{Group}.{nameof(ClipNorm)}", ClipNorm, 0, float.MaxValue);
        OptionRange.Check($"{Group}.{nameof(AccumulationSteps)}", AccumulationSteps, 1, 65_536);
        OptionRange.Check($"{Group}.{nameof(EmaDecay)}", EmaDecay, 0, 1, belowEnd: true);
        if (Nesterov && Momentum == 0)
        {
            throw OptionError.Create($"{Group}.{nameof(Nesterov)}", $"{Group}.{nameof(Nesterov)} needs {Group}.{nameof(Momentum)} above 0.");
        }
    }
}
