using MLClassify.Networks;
using MLClassify.Preprocessing.Augmentation;
using MLClassify.Trainers;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify;

/// <content>Default values and validation.</content>
public sealed partial record FineTuneOptions
{
    /// <summary>
    /// The default training setup: the head of ResNet-50 with its published weights where these are here or can be fetched, else of
    /// the network inside the library (<see cref="DefaultBackbone"/>).
    /// </summary>
    /// <param name="resolver">Finds weights; in the cache that the environment describes when null.</param>
    /// <param name="cancellationToken">Cancels a download.</param>
    /// <exception cref="OperationCanceledException">A download was canceled.</exception>
    public static async Task<FineTuneOptions> ChooseAsync(WeightResolver? resolver = null, CancellationToken cancellationToken = default)
    {
        using WeightsCache? own = resolver is null ? new WeightsCache() : null;
        ResolvedBackbone choice = await DefaultBackbone.ChooseAsync(resolver ?? new WeightResolver(own!), progress: null, cancellationToken).ConfigureAwait(false);
        return new FineTuneOptions { Backbone = choice.Network, Weights = choice.Weights?.Selection };
    }

    /// <summary>These options with defaults filled in.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it, its value and the range.</exception>
    public FineTuneOptions Resolve()
    {
        Validate();
        TrainableLayers unfreeze = TrainableLayers ?? (!IsPretrained ? MLClassify.TrainableLayers.All : MLClassify.TrainableLayers.Head);
        bool isHead = unfreeze == MLClassify.TrainableLayers.Head;
        OptimizerKind optimizer = Optimizer ?? (!isHead ? OptimizerKind.Sgd : SolvedHead.IsDefault(this) ? OptimizerKind.Lbfgs : OptimizerKind.Adam);
        bool isSolved = optimizer == OptimizerKind.Lbfgs;
        if (isSolved)
        {
            SolvedHead.Check(this, unfreeze);
        }

        double? rate = isSolved ? null : LearningRate ?? (optimizer == OptimizerKind.Sgd ? 0.01 : 0.001);
        return this with
        {
            Weights = WeightSelection.Parse(Weights).Kind == WeightKind.None ? null : Weights,
            TrainableLayers = unfreeze,
            Epochs = isSolved ? 1 : Epochs ?? (isHead ? 30 : 10),
            Optimizer = optimizer,
            LearningRate = rate,
            BackboneLearningRate = isSolved ? null : BackboneLearningRate ?? (IsPretrained ? rate / 10 : rate),
            Augmentation = isHead ? AugmentationPolicy.None.Name : Augmentation ?? AugmentationPolicy.Standard.Name,
        };
    }

    /// <summary>Warnings about settings that are valid but probably not intended.</summary>
    public IReadOnlyList<string> Warnings()
    {
        var warnings = new List<string>();
        if (TrainableLayers == MLClassify.TrainableLayers.Head && !IsPretrained)
        {
            warnings.Add("Only the head is trained, and no weights are given: the backbone's features are random.");
        }

        if (Resolve().TrainableLayers == MLClassify.TrainableLayers.Head && Augmentation is not (null or "none"))
        {
            warnings.Add("The head is trained on the features of the center crop: augmentation has no effect.");
        }

        if (Resolve().TrainableLayers == MLClassify.TrainableLayers.Head && CutMix > 0)
        {
            warnings.Add("The head is trained on features, which have no rectangles: CutMix has no effect.");
        }

        if (Resolve().TrainableLayers == MLClassify.TrainableLayers.Head && (FreezeEpochs > 0 || LayerDecay < 1 || FreezeBatchNorm))
        {
            warnings.Add("Only the head is trained: freezing epochs or normalization, and the layers' decay, have no effect.");
        }

        if (SolvedHead.Warning(this) is { } unused)
        {
            warnings.Add(unused);
        }

        return warnings;
    }

    private bool IsPretrained => WeightSelection.Parse(Weights).Kind != WeightKind.None || InitialModel is not null;

    private void Validate()
    {
        if (string.IsNullOrWhiteSpace(Backbone))
        {
            throw new ArgumentException($"{nameof(Backbone)} is empty; it must name a network.");
        }

        if (InitialModel is not null && (Weights is not null || Head is not null || Normalization != NormalizationKind.ImageNet))
        {
            throw new ArgumentException($"{nameof(InitialModel)} is a whole model: it excludes {nameof(Weights)}, {nameof(Head)} and {nameof(Normalization)}.");
        }

        CheckPreprocessing();
        Check(nameof(Epochs), Epochs ?? 1, 1, 100_000);
        Check(nameof(BatchSize), BatchSize, 1, 65_536);
        Check(nameof(LearningRate), LearningRate ?? 1, double.Epsilon, 1_000);
        Check(nameof(BackboneLearningRate), BackboneLearningRate ?? 1, 0, 1_000);
        Check(nameof(Momentum), Momentum, 0, 1, belowEnd: true);
        Check(nameof(WeightDecay), WeightDecay, 0, 1);
        Check(nameof(LabelSmoothing), LabelSmoothing, 0, 1, belowEnd: true);
        Check(nameof(Dropout), Dropout ?? 0, 0, 1, belowEnd: true);
        Check(nameof(ImageSize), ImageSize ?? 224, 8, 4_096);
        Check(nameof(Threads), Threads, 0, 1_024);
        Check(nameof(LoaderThreads), LoaderThreads, 0, 1_024);
        Check(nameof(Patience), Patience, 0, int.MaxValue);
        Check(nameof(HeadWidth), HeadWidth ?? 1, 1, NetworkOptions.MaximumHeadWidth);
        if (Head is { } head && !Enum.IsDefined(head))
        {
            throw new ArgumentException(FormattableString.Invariant($"{nameof(Head)} is {(int)head}; it must be native, linear or hidden."));
        }

        if (HeadWidth is not null && Head != HeadKind.Mlp)
        {
            throw new ArgumentException($"{nameof(HeadWidth)} needs a hidden {nameof(Head)}.");
        }

        CheckRecipe();
        if (Nesterov && Momentum == 0)
        {
            throw new ArgumentException($"{nameof(Nesterov)} needs a {nameof(Momentum)} above 0.");
        }
    }

    private void CheckPreprocessing()
    {
        if (Preprocessing is not { } spec)
        {
            return;
        }

        if (InitialModel is not null)
        {
            throw new ArgumentException($"{nameof(InitialModel)} is a whole model, whose preprocessing is kept: it excludes {nameof(Preprocessing)}.");
        }

        if (ImageSize is not null || Normalization != NormalizationKind.ImageNet)
        {
            throw new ArgumentException(
                $"{nameof(Preprocessing)} says the input's size and how pixels are normalized: it excludes {nameof(ImageSize)} and {nameof(Normalization)}.");
        }

        spec.Validate();
        Check($"{nameof(Preprocessing)}.{nameof(PreprocessingSpec.CropSize)}", spec.CropSize, 8, 4_096);
    }

    private void CheckRecipe()
    {
        Check(nameof(PlateauPatience), PlateauPatience, 1, int.MaxValue);
        Check(nameof(MaxRateReductions), MaxRateReductions, 0, int.MaxValue);
        Check(nameof(WarmupEpochs), WarmupEpochs, 0, 1_000);
        Check(nameof(FreezeEpochs), FreezeEpochs, 0, int.MaxValue);
        Check(nameof(LayerDecay), LayerDecay, double.Epsilon, 1);
        Check(nameof(ClipNorm), ClipNorm, 0, float.MaxValue);
        Check(nameof(AccumulationSteps), AccumulationSteps, 1, 65_536);
        Check(nameof(EmaDecay), EmaDecay, 0, 1, belowEnd: true);
        Check(nameof(Mixup), Mixup, 0, 100);
        Check(nameof(CutMix), CutMix, 0, 100);
        if (FreezeEpochs > 0 && FreezeEpochs >= (Epochs ?? 10))
        {
            throw new ArgumentException(FormattableString.Invariant($"{nameof(FreezeEpochs)} is {FreezeEpochs}; it must be below the {Epochs ?? 10} epochs."));
        }

        if (StepEpochs is not null && (Schedule != ScheduleKind.Step || StepEpochs.Any(e => e < 1) || !StepEpochs.SequenceEqual(StepEpochs.Order().Distinct())))
        {
            throw new ArgumentException(
                $"{nameof(StepEpochs)} is {string.Join(",", StepEpochs)}; it must be ascending, from 1, and the {nameof(Schedule)} step.");
        }

        if (ExtendClasses && InitialModel is null)
        {
            throw new ArgumentException($"{nameof(ExtendClasses)} needs a model to start from ({nameof(InitialModel)}).");
        }

        if (Augmentation is not null)
        {
            _ = AugmentationPolicy.Parse(Augmentation);
        }

        _ = Trainers.ClassWeights.Parse(ClassWeights);
    }

    /// <summary>Refuses a value outside its range, and NaN.</summary>
    /// <exception cref="ArgumentException">The message names setting, value and range.</exception>
    internal static void Check(string name, double value, double from, double to, bool belowEnd = false)
    {
        if (!(value >= from && (belowEnd ? value < to : value <= to)))
        {
            string start = from == double.Epsilon ? "above 0" : FormattableString.Invariant($"at least {from}");
            string end = FormattableString.Invariant($"{(belowEnd ? "below" : "at most")} {to}");
            throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; it must be {start} and {end}."));
        }
    }
}
